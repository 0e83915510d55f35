package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/**
 * The technology compatibility kit of Reactive Streams. A source's stream has no end; the test
 * makes one by closing the subscription after the last element.
 */
public class EventPublisherTckTest extends FlowPublisherVerification<SourceEvent> {
  private static final long MILLIS = 300;
  private static final long GARBAGE_COLLECTION_MILLIS = 500;

  /** The kit asks for fewer, or for a stream without end. */
  private static final long MANY = 10_000;

  private final ExecutorService executor = Executors.newFixedThreadPool(2);

  public EventPublisherTckTest() {
    super(new TestEnvironment(MILLIS), GARBAGE_COLLECTION_MILLIS);
  }

  @AfterClass
  void stopExecutor() {
    executor.shutdownNow();
  }

  private static SubscriptionHub hub() {
    return new SubscriptionHub(
        Changes.settings(DispatchMode.CHANNEL, (int) MANY), Clock.systemUTC(), Changes.NO_LISTENER);
  }

  private static Subscription subscription(SubscriptionHub hub) {
    return hub.subscribe(
        SubscriptionRequest.builder("tck").withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  @Override
  public Flow.Publisher<SourceEvent> createFlowPublisher(long elements) {
    SubscriptionHub hub = hub();
    Subscription subscription = subscription(hub);
    try {
      HubSession session = Changes.begin(hub, Changes.at(10));
      for (long i = 1; i <= Math.min(elements, MANY); i++) {
        session.dispatch(Changes.received(Changes.transaction(10 + i)));
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    Flow.Publisher<SourceEvent> publisher = subscription.publisher(executor);
    return subscriber -> publisher.subscribe(closing(subscription, elements, subscriber));
  }

  @Override
  public Flow.Publisher<SourceEvent> createFailedFlowPublisher() {
    SubscriptionHub hub = hub();
    Subscription subscription = subscription(hub);
    hub.close("the source was closed");
    return subscription.publisher(executor);
  }

  /** Closes the subscription after so many elements. */
  private static <T> Flow.@Nullable Subscriber<T> closing(
      Subscription subscription, long elements, Flow.@Nullable Subscriber<T> subscriber) {
    if (subscriber == null) {
      return null; // which the publisher has to refuse (1.9)
    }
    return new Flow.Subscriber<>() {
      private long left = elements;

      @Override
      public void onSubscribe(Flow.Subscription flow) {
        subscriber.onSubscribe(flow);
        closeAtEnd();
      }

      @Override
      public void onNext(T event) {
        left--;
        subscriber.onNext(event);
        closeAtEnd();
      }

      private void closeAtEnd() {
        if (left == 0) {
          subscription.close();
        }
      }

      @Override
      public void onError(Throwable failure) {
        subscriber.onError(failure);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
      }
    };
  }
}
