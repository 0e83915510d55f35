/**
 * Values of every type, made up: where they come from and how the server is asked whether what came
 * of them is right. Start at {@link io.drasi.it.types.GeneratedTypes}.
 */
package io.drasi.it.types;
