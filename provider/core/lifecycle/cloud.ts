import type { Clock } from "../clock";
import type { ConfigLookup } from "../settings/settings";
import type { SettingsTable } from "../settings/table";
import type { HttpSettings } from "../transport/http";
import type { Connection, ResourceDefinition } from "./definition";

// A definition of any resource: the types of its properties end at the definition.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyDefinition = ResourceDefinition<any, any, any>;

/** What a connection is made with besides its settings. */
export interface ConnectionHost {
  readonly clock: Clock;
  /** Told every secret that is learnt on the way, so that it can be kept out of what people see. */
  readonly onSecret: (value: string) => void;
}

/** One cloud: its kinds of resource, and the way from settings to a connection. Whoever serves resources reads it from here. */
export interface Cloud<Settings extends { readonly transport: HttpSettings }> {
  /** The namespace of its settings, and the first part of its tokens: `zstack`. */
  readonly name: string;
  /** What the service is called in sentences. */
  readonly service: string;
  /** What a connection to it may be told. */
  readonly settings: SettingsTable;
  /** Its kinds of resource, by the name of their class. */
  readonly definitions: Readonly<Record<string, AnyDefinition>>;
  /** Throws `ConfigError` listing everything that is wrong with the settings. */
  readSettings(config: ConfigLookup, env: NodeJS.ProcessEnv): Settings;
  /** The values of settings that must not be shown. */
  secretsOf(settings: Settings): readonly string[];
  /** Makes a connection. Sends nothing. */
  connect(settings: Settings, host: ConnectionHost): Connection;
}
