import com.example.codec.vector.VectorCodec;
import io.drasi.postgres.decoder.value.ValueCodec;

/**
 * A codec of the type {@code vector} of the extension pgvector.
 *
 * <ul>
 *   <li>{@link com.example.codec.vector} – the codec. Nobody needs to name it.
 * </ul>
 */
module com.example.codec.vector {
  requires transitive io.drasi.postgres.decoder;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports com.example.codec.vector;

  provides ValueCodec with
      VectorCodec;
}
