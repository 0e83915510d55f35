package io.drasi.postgres.decoder.value;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The codecs that there are: the project's own and those contributed from outside. In OSGi it is a
 * service, and another one as soon as codecs come or go. Immutable, thread-safe.
 */
@Component(service = Codecs.class)
public final class Codecs {
  private final Map<String, ValueCodec> contributed = new TreeMap<>();

  /** The project's own codecs and these; of two for one type the first counts. */
  @Activate
  public Codecs(
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<ValueCodec> contributed) {
    for (ValueCodec codec : contributed) {
      this.contributed.putIfAbsent(codec.typeName(), codec);
    }
  }

  /** The project's own codecs and those that {@link ServiceLoader} finds. */
  public static Codecs create() {
    return new Codecs(
        ServiceLoader.load(ValueCodec.class, Codecs.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /** The codec that was contributed for a type. */
  Optional<ValueCodec> contributed(TypeDescription type) {
    ValueCodec qualified = contributed.get(type.schema() + "." + type.name());
    return Optional.ofNullable(qualified == null ? contributed.get(type.name()) : qualified);
  }
}
