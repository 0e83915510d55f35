/**
 * What reads bytes of others, for a fuzzer: each class has a {@code fuzzerTestOneInput} that throws
 * nothing but what is a defect. {@link io.drasi.it.FuzzTargetsTest} runs them on the kept corpus,
 * {@link io.drasi.it.FuzzIT} under Jazzer.
 */
package io.drasi.it.fuzz;
