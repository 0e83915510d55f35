/** What a third party's bundle with credentials has in it. */
package io.drasi.it.credential;
