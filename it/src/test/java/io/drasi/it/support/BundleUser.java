package io.drasi.it.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * A bundle that uses sources. The classes that it sees are not those of the tests: all calls are
 * made by reflection.
 */
public final class BundleUser {
  private static final String API = "io.drasi.api.source.";

  private final Bundle bundle;

  /** A bundle that is wired to the API of sources. */
  public BundleUser(Bundle bundle) {
    this.bundle = bundle;
  }

  /** The bundle's view of the source of an id. */
  public Object source(String id) throws Exception {
    BundleContext context = bundle.getBundleContext();
    ServiceReference<?>[] found =
        context.getServiceReferences(API + "ManagedSource", "(drasi.source.id=%s)".formatted(id));
    return context.getService(found[0]);
  }

  /** Subscribes by a view. */
  public Object subscribe(Object source, String subscriberId) throws Exception {
    Class<?> requestType = bundle.loadClass(API + "SubscriptionRequest");
    Object request = requestType.getMethod("of", String.class).invoke(null, subscriberId);
    return invoke(
        bundle.loadClass(API + "Source").getMethod("subscribe", requestType), source, request);
  }

  /** Calls a method without arguments, by the API's type that has it. */
  public Object call(String type, Object target, String method) throws Exception {
    return invoke(bundle.loadClass(API + type).getMethod(method), target);
  }

  private static Object invoke(Method method, Object target, Object... arguments) throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Registers a listener as a service of the bundle.
   *
   * @return what it is told: {@code <source> <state>}, in order
   */
  public Queue<String> listen() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    Class<?> type = bundle.loadClass(API + "SourceStatusListener");
    Object listener =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("statusChanged")) {
                return method.invoke(told, arguments); // of Object
              }
              told.add(
                  "%s %s"
                      .formatted(
                          call("Source", arguments[0], "id"),
                          call("SourceStatus", arguments[1], "state")));
              return null;
            });
    bundle.getBundleContext().registerService(type.getName(), listener, null);
    return told;
  }
}
