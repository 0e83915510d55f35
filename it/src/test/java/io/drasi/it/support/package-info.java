/** What the integration tests stand on: servers, databases, a subscriber's copy, a proxy. */
package io.drasi.it.support;
