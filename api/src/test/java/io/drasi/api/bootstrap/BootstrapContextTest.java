package io.drasi.api.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapContextTest {

  @Test
  void printsNoValues() {
    var context =
        BootstrapContext.of(Map.of("password", "hunter2"), Map.of(".password", "hunter3"));

    assertThat(context)
        .hasToString("BootstrapContext[options=[password], sourceOptions=[.password]]");
    assertThat(context.options().get("password")).isEqualTo("hunter2");
    assertThat(context.sourceOptions().get(".password")).isEqualTo("hunter3");
  }
}
