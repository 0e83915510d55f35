package io.drasi.it.oracle;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the copy now and then, and acknowledges some of what is stored. What came after that is
 * lost with the end of the visit; the next one goes on with what is stored: under the same id or
 * another one, by position, or by the place of the id where all of that was acknowledged.
 */
final class StoredMemory implements Memory {
  private final String name;
  private final Set<String> labels;
  private final Random random;
  private PositionedCopy copy;
  private @Nullable PositionedCopy stored;
  private @Nullable SourcePosition acknowledged;
  private String id;
  private int ids;

  StoredMemory(String name, Set<String> labels, Random random) {
    this.name = name;
    this.labels = labels;
    this.random = random;
    this.copy = new PositionedCopy(labels);
    this.id = name;
  }

  @Override
  public Subscription come(ManagedSource source) {
    PositionedCopy last = stored;
    SourcePosition position = last == null ? null : last.position();
    int how = random.nextInt(10);
    if (position == null || how == 0) {
      stored = null;
      copy = new PositionedCopy(labels);
      return source.subscribe(request().withBootstrap(true).build());
    }
    if (how <= 2 && position.equals(acknowledged)) {
      return source.subscribe(request().build());
    }
    if (how <= 5) {
      return source.subscribe(request().withBootstrap(how == 5).withResumeFrom(position).build());
    }
    String before = id;
    ids++;
    id = name + "-" + ids;
    Subscription subscription = source.subscribe(request().withResumeFrom(position).build());
    source.forget(before);
    return subscription;
  }

  private SubscriptionRequest.Builder request() {
    return SubscriptionRequest.builder(id)
        .withNodeLabels(labels)
        .withAcknowledgement(Acknowledgement.MANUAL);
  }

  @Override
  public void take(SourceEvent event, Subscription subscription) {
    copy.apply(event);
    SourcePosition position = copy.position();
    if (position != null && random.nextInt(4) == 0) {
      stored = copy.again();
      if (random.nextBoolean()) {
        subscription.acknowledge(position);
        acknowledged = position;
      }
    }
  }

  @Override
  public void leave() {
    PositionedCopy last = stored;
    copy = last == null ? new PositionedCopy(labels) : last.again();
  }

  @Override
  public PositionedCopy copy() {
    return copy;
  }
}
