/**
 * Faults between client and server, of the server and of the process, and what a subscriber has in
 * the end. Start at {@code FaultsIT}.
 */
package io.drasi.it.faults;
