package io.drasi.postgres.scram.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a server stores for a password, {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}.
 */
class ServerVerifierTest {

  /** Recorded from {@code pg_authid.rolpassword} of PostgreSQL 15.18. */
  static Stream<Arguments> recorded() {
    return Stream.of(
        // ascii
        arguments(
            "pencil",
            "SCRAM-SHA-256$4096:mVZZRnaRC6otwbmRfnfJHA==$"
                + "IpaAuOexIZb6SeET7DaapiO3bb+r4aQwVmYriBXhjf4=:SjACRUJMoXBSexCaaTCtHnKV7Zl3dUIaGZRqh0+GpZ4="),
        // soft-hyphen
        arguments(
            "I\u00ADX",
            "SCRAM-SHA-256$4096:Gk/J77nTH/alh0ZuMy54jA==$"
                + "qKC7cD5+8gLBOmWJnAWMYVmpa5LdfL0cqT2hcZHeAf0=:ZQpoqxUrUxMWaKy8dv9Q3o8yVC8AlmIhaHuAo26mm8Y="),
        // roman
        arguments(
            "\u2168",
            "SCRAM-SHA-256$4096:gJDgWV6tP4dMitJMYTFVnA==$"
                + "NdqBPw9RkDk/LTIRGNyqpBw4p7mFE8i6wjMezjS/kmI=:cCSDI52Hd6KFLMVkOJHcTNlrgfLKAJNYbJTqsQ0P/uo="),
        // umlauts
        arguments(
            "p\u00E4ssw\u00F6rd",
            "SCRAM-SHA-256$4096:R7FxqAjqN67h4qVyp+OlTQ==$"
                + "RGZnjJ36OGFt5XysO2KzzB1UiGj5KVKnmTAhd4Ana10=:97/GQgldY3q3HJy1nnb6eprcrtTJ5wXilnOEGXBwNks="),
        // decomposed
        arguments(
            "pa\u0308sswo\u0308rd",
            "SCRAM-SHA-256$4096:jhBtHKdFs+ZXhjXCHt97Cg==$"
                + "3Cqjm7XH7HWETOlwSfd7WKuFvGPz+TVGVbXl3Cl1oTA=:+koA8lwQixTG0yUjVDrVrV4X3ipBMwBxT99fjV3ei/g="),
        // prohibited
        arguments(
            "\u00ADa\u0085b",
            "SCRAM-SHA-256$4096:tWpA8rtBG2DqJaPpvgAUew==$"
                + "ujmph+94p6loKMJiQW0QzcmhhAcmecdZ+e2NaWq8vLU=:O2dHbxaExgkFOz5gJYlVLt+XZJcwBy6J9N4Erts9wbg="),
        // unassigned
        arguments(
            "\u00AD\u1D2C",
            "SCRAM-SHA-256$4096:Uyhxl/x5iyIR34XI0X1cyQ==$"
                + "78zIjngW0SOH/GqKsEWoBQJEJHBBTt/tpAb3G8ot7yY=:nv9booJF3DCY+2HYoQS56tdKVyRhPGoGviqSroiNOA8="),
        // mixed
        arguments(
            "\u06271",
            "SCRAM-SHA-256$4096:FgLacrxGv8wTNuHzeJubQw==$"
                + "BX9jdgNVtHMVNanFqkk35SyZX/p8/G2dko4ypTb6SI4=:q1fcl9Wm4CJNas+wXTBoIG6wn/v2WGe5CZrlIFNiqmM="),
        // ideographic space
        arguments(
            "a\u3000b",
            "SCRAM-SHA-256$4096:L1/az+sHrbd/vRqhpMO3sA==$"
                + "p6n77Z2XREyj6Qe4odXmIUGHTEY8iqYPtcQhRZwR0h8=:LKyLZwChnGM8/pvit/XW4jUP2XBjICCKOO3swxilCCU="),
        // zero width space
        arguments(
            "a\u200Bb",
            "SCRAM-SHA-256$4096:1W4fYazL7GB6J5vohn+mww==$"
                + "DDn4keNEYj0pvkauIPQLwyPFxgakCalqhXPa9dp4KMo=:mQLEv2ao2R8FHJ1lreUFaAgOEDW/I9TKWsF3CRUkwYw="),
        // deprecated mark
        arguments(
            "\u00AD\u0340",
            "SCRAM-SHA-256$4096:aPXhs8h5oYlKJecqBHv6jw==$"
                + "5rOsjZEvR4PmfVSb9r+jQZB939dltmUpVr+a39xZtUg=:1wrHq5JtYTG1riEhACkP2sgzFpagu9ocrQHa05qoyb0="),
        // hebrew point
        arguments(
            "\u00AD\uFB1D",
            "SCRAM-SHA-256$4096:VCtSH63EB7Olik+Kb+Bc5w==$"
                + "+WX/vIj+F+kU4BkMIW7OzNNb17XR+AVhUGGPN8XrXjA=:sQsfX95dXZyuN1ti0QdPUGrasmNc2uQtJ1E+7mtgv74="),
        // cyrillic
        arguments(
            "\u043F\u0430\u0440\u043E\u043B\u044C",
            "SCRAM-SHA-256$4096:g02b2s1W9jf2hJvaRQVBLQ==$"
                + "Tb9e1jOR1LCQwBbhN1DTUGQ3px2tFpFCvyNbpdA6h+U=:EjUPNo4bTNLMPZT1YB4003DHMwIeyI+VwgvUMTdTh6A="),
        // ligature
        arguments(
            "\uFB01n",
            "SCRAM-SHA-256$4096:46LsvB+BgzEbfa2FqOcQug==$"
                + "86CLVlVHbmWb5Ut1xIRbMhLERnolTM+O0qu1IAsGC8E=:fNizsBw7qRsOY+vDUsAxSjYUtrJkZDvipMHLXxj6K8I="),
        // emoji
        arguments(
            "\uD83D\uDD11",
            "SCRAM-SHA-256$4096:1uFbSnPErVbr3kcS3jKIGg==$"
                + "I+qnnrlnWqjLzmbvaR6QHXv4eIRPps9FFGsG243ngrI=:Ytupztuyb5XcMS51VYnc0FmavqBuJskqpIahspVBvlo="),
        // only mapped
        arguments(
            "\u00AD",
            "SCRAM-SHA-256$4096:i4HRyJlpAKirerAFK2jKgw==$"
                + "pNDD2RjrPfvpoimFOISjm/M+vonBuR7qQ3p030jRT/U=:D/pe71TNjnfDQY0ElKe0ezJkpWN8dI1BkkKfSeiQ//Q="),
        // tab
        arguments(
            "a\tb",
            "SCRAM-SHA-256$4096:JLih7J4VmxOqaAKWUtwavQ==$"
                + "QCs8ppfDpb/2VywtSpwiIeMXzeTxclEzJ6C9vm8dTuk=:PhZQ1JwJM4HwRONwJ4plehl72iahOFmYtrRco+zptTQ="),
        // arabic shadda
        arguments(
            "\u00AD\uFC5E",
            "SCRAM-SHA-256$4096:ZzfFy+3jUdRJgOx6s2dtIg==$"
                + "68bZqbpTcWIg9CExnf9rLXhgJqV2tNUfocM7CuIBzBM=:x/xTqmgSROhDpClGcGmiXugvKv5mWV6yIohpvHUDI4A="));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void derivesTheKeysThatTheServerStored(String password, String verifier) throws Exception {
    String[] parts = verifier.split("[$:]", -1);
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] prepared = SaslPrep.passwordBytes(password.toCharArray());
    try (ScramKeys keys = ScramKeys.derive(prepared, salt, Integer.parseInt(parts[1]))) {
      assertThat(Base64.getEncoder().encodeToString(keys.storedKey())).isEqualTo(parts[3]);
      assertThat(Base64.getEncoder().encodeToString(keys.serverKey())).isEqualTo(parts[4]);
    }
  }
}
