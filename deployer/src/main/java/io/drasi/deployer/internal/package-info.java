/** From a YAML file to configurations, and from sources to lines for people. */
package io.drasi.deployer.internal;
