/** A codec as a third party has it, in a package of its own: a bundle is made of it. */
package io.drasi.it.codec;
