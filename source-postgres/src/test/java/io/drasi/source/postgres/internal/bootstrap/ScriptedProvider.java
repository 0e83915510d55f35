package io.drasi.source.postgres.internal.bootstrap;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A provider that does in each of its runs what it is told from outside. */
final class ScriptedProvider implements BootstrapProvider {
  private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
  private final Queue<Run> all = new ConcurrentLinkedQueue<>();
  private volatile boolean stubborn;

  /** From now on its runs do not end when they are interrupted. */
  void ignoreInterrupts() {
    stubborn = true;
  }

  /** Ends what has begun. */
  void end() {
    all.forEach(run -> run.fail(new BootstrapException("the test is over", null)));
  }

  /** The next run that has begun. */
  Run awaitRun() throws InterruptedException {
    Run run = runs.poll(10, TimeUnit.SECONDS);
    if (run == null) {
      throw new AssertionError("no bootstrap has begun");
    }
    return run;
  }

  /** Whether a run has begun that was not awaited. */
  boolean hasBegun() {
    return !runs.isEmpty();
  }

  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException {
    var run = new Run(request, sink, stubborn);
    all.add(run);
    runs.add(run);
    return run.run();
  }

  /** Part of a run. */
  interface Step {

    /** Does it; a result ends the run. */
    @Nullable BootstrapResult run(BootstrapSink sink) throws InterruptedException;
  }

  /** One run, on the thread it was called on. */
  static final class Run {
    private final BootstrapRequest request;
    private final BootstrapSink sink;
    private final boolean stubborn;
    private final Thread thread = Thread.currentThread();
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();

    private record Task(Step step, CompletableFuture<String> done) {}

    private Run(BootstrapRequest request, BootstrapSink sink, boolean stubborn) {
      this.request = request;
      this.sink = sink;
      this.stubborn = stubborn;
    }

    private BootstrapResult run() throws InterruptedException {
      @Nullable BootstrapResult result = null;
      while (result == null) {
        try {
          Task task = tasks.take();
          result = perform(task);
        } catch (InterruptedException e) {
          if (!stubborn) {
            throw e;
          }
        }
      }
      return result;
    }

    private @Nullable BootstrapResult perform(Task task) throws InterruptedException {
      try {
        BootstrapResult result = task.step().run(sink);
        task.done().complete("done");
        return result;
      } catch (InterruptedException e) {
        task.done().complete("cancelled");
        throw e;
      } catch (RuntimeException | Error e) {
        task.done().complete("failed");
        throw e;
      }
    }

    BootstrapRequest request() {
      return request;
    }

    Thread thread() {
      return thread;
    }

    /** Lets it take a step, and waits until it has; says how that has ended. */
    String take(Step step) throws InterruptedException, ExecutionException {
      return begin(step).get();
    }

    /** Lets it take a step. */
    CompletableFuture<String> begin(Step step) {
      var done = new CompletableFuture<String>();
      tasks.add(new Task(step, done));
      return done;
    }

    private void end(Step step) {
      tasks.add(new Task(step, new CompletableFuture<>()));
    }

    /** Ends it with this result. */
    void complete(BootstrapResult result) {
      end(sink -> result);
    }

    /** Lets it fail. */
    void fail(Throwable failure) {
      end(
          sink -> {
            if (failure instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) failure;
          });
    }
  }
}
