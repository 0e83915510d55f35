/** What the tests stand on: a scripted server and the bytes it speaks. */
package io.drasi.postgres.protocol.support;
