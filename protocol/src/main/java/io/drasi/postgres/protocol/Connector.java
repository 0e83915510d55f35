package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.auth.CredentialProvider;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.internal.ClearConnections;
import io.drasi.postgres.protocol.internal.GiveUp;
import io.drasi.postgres.protocol.internal.NameLookups;
import io.drasi.postgres.protocol.internal.Passwords;
import io.drasi.postgres.protocol.internal.StartUp;
import io.drasi.postgres.protocol.internal.Wire;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Opens sessions: the one path for every connection of the project. In OSGi it is a service, and
 * another one as soon as mechanisms or credential providers come or go. Thread-safe.
 */
@Component(service = Connector.class)
public final class Connector {
  private final List<SaslMechanism> mechanisms;
  private final Passwords passwords;
  private final ClearConnections clearConnections = new ClearConnections();
  private final NameLookups lookups = new NameLookups();

  /** A connector that authenticates by these mechanisms, without credential providers. */
  public Connector(List<SaslMechanism> mechanisms) {
    this(mechanisms, List.of());
  }

  /**
   * A connector.
   *
   * @param mechanisms by what it authenticates
   * @param providers whom it asks for passwords, where the configuration names one of them
   */
  @Activate
  public Connector(
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<SaslMechanism> mechanisms,
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<CredentialProvider> providers) {
    this.mechanisms = List.copyOf(mechanisms);
    this.passwords = new Passwords(providers);
  }

  /** A connector with the mechanisms and credential providers that {@link ServiceLoader} finds. */
  public static Connector create() {
    return new Connector(load(SaslMechanism.class), load(CredentialProvider.class));
  }

  private static <S> List<S> load(Class<S> service) {
    return ServiceLoader.load(service, Connector.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Opens a session.
   *
   * @param config where to, and as whom
   * @param mode what the session is for
   * @throws ConnectionException when the server cannot be reached
   * @throws ServerErrorException when the server refuses: wrong password, no such database
   * @throws io.drasi.postgres.protocol.auth.AuthenticationException when the server asks for what
   *     is not acceptable, or does not prove who it is
   * @throws ProtocolException when what answers does not speak the protocol
   */
  public Session connect(ConnectionConfig config, SessionMode mode) throws IOException {
    return connect(config, mode, giveUp -> {});
  }

  /**
   * Opens a session, as {@link #connect(ConnectionConfig, SessionMode)} does, which another thread
   * may give up at any time.
   *
   * @param opening is given, before the socket connects, what closes it: whoever waits for the
   *     server, here or in the session, then gets an exception. It never waits, and may be run from
   *     any thread, more than once
   */
  public Session connect(ConnectionConfig config, SessionMode mode, Consumer<Runnable> opening)
      throws IOException {
    var giveUp = new GiveUp();
    opening.accept(giveUp);
    return new ServerSearch(config, server -> open(server, mode, giveUp), giveUp).run();
  }

  private Session open(ConnectionConfig server, SessionMode mode, GiveUp giveUp)
      throws IOException {
    var startUp = new StartUp(server, mode, mechanisms, passwords, clearConnections, lookups);
    return new Session(server, this, startUp.run(giveUp));
  }

  /** Asks the server to cancel what a session is doing. */
  void cancel(ConnectionConfig config, Wire wire, BackendKeyData session) throws IOException {
    StartUp.cancel(config, wire, session);
  }
}
