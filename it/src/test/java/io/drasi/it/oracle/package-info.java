/**
 * The oracle: writers that do everything there is, subscribers that come and go, and the tables
 * that each subscriber's copy has to equal in the end. Start at {@link
 * io.drasi.it.oracle.OracleTables} and {@link io.drasi.it.oracle.PositionedCopy}.
 */
package io.drasi.it.oracle;
