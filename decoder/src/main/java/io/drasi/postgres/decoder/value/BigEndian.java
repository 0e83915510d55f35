package io.drasi.postgres.decoder.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network byte order. Whoever reads has looked whether there are so many bytes. */
final class BigEndian {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private BigEndian() {}

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
  }

  static short int16(byte[] array, int at) {
    return (short) SHORT.get(array, at);
  }

  static int int32(byte[] array, int at) {
    return (int) INT.get(array, at);
  }

  static long int64(byte[] array, int at) {
    return (long) LONG.get(array, at);
  }
}
