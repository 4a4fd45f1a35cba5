import type { Clock } from "../../core/clock";
import type { Cloud } from "../../core/lifecycle/cloud";
import type { Connection } from "../../core/lifecycle/definition";
import { IdMemory } from "../../core/lifecycle/id-memory";
import { secretSettings, type ConfigLookup } from "../../core/settings/settings";
import type { HttpSettings } from "../../core/transport/http";
import { proxySecrets } from "../../core/transport/proxy";

/** What connections are made with. */
export interface ConnectionsHost {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** Makes values that must never be shown known. */
  addSecrets(values: readonly unknown[]): void;
}

/** The connections of a process to one cloud: one for equal settings, so that all its resources share sessions and read batches. */
export class Connections {
  /** The ids this process has met in the cloud. */
  readonly ids = new IdMemory();
  private readonly made = new Map<string, Connection>();
  private readonly advice = new Map<Connection, string>();

  constructor(
    private readonly cloud: Cloud<{ readonly transport: HttpSettings }>,
    private readonly host: ConnectionsHost,
  ) {}

  /** The connection that a configuration describes. Throws `ConfigError`. */
  get(config: ConfigLookup): Connection {
    const { cloud, host } = this;
    host.addSecrets(secretSettings(config, cloud.name));
    const settings = cloud.readSettings(config, host.env);
    host.addSecrets(cloud.secretsOf(settings));
    const key = JSON.stringify(settings);
    const known = this.made.get(key);
    if (known !== undefined) {
      return known;
    }
    host.addSecrets(proxySecrets(settings.transport.proxy, host.env));
    const connection = cloud.connect(settings, {
      clock: host.clock,
      onSecret: (value) => {
        host.addSecrets([value]);
      },
    });
    this.made.set(key, connection);
    if (settings.transport.insecureSkipVerify === true) {
      this.advice.set(
        connection,
        `insecureSkipVerify is on: whoever answers in the place of ${cloud.service} gets the credentials. Give a caFile instead.`,
      );
    }
    return connection;
  }

  /** What is to be said of a connection that believes anybody; `undefined` for all others. */
  adviceOn(connection: Connection): string | undefined {
    return this.advice.get(connection);
  }

  /** Gives back what all connections have taken. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.made.values()].map((connection) => connection.close()));
  }
}
