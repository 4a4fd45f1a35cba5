import type { Input } from "@pulumi/pulumi";
import type { SettingsTable } from "../core/settings/settings";
import {
  TRANSPORT_KINDS,
  TRANSPORT_SECRETS,
  transportConfigKeys,
  type TransportArgs,
} from "../pulumi/program/transport-args";
import { ZSTACK_NAMES, ZSTACK_RULES } from "../zstack/settings/setting-rules";

/** A connection to a ZStack management node. Give an access key, or an account and its password. */
export interface ZStackProviderArgs extends TransportArgs {
  /** `http://host:8080`; the path `/zstack` is added unless there is another. */
  readonly endpoint: Input<string>;
  /** The id of an access key. */
  readonly accessKeyId?: Input<string>;
  /** The secret of the access key. */
  readonly accessKeySecret?: Input<string>;
  /** The account to log in as. */
  readonly accountName?: Input<string>;
  /** The account's password, in clear: it is hashed before it is sent. */
  readonly accountPassword?: Input<string>;
  /** The management node's time zone, for access keys; measured when not given. */
  readonly timezone?: Input<string>;
  /** Seconds one asynchronous job may take; 300 by default. */
  readonly jobTimeoutSeconds?: Input<number>;
}

/** The settings of the config namespace `zstack`. */
export const zstackSettings: SettingsTable<keyof ZStackProviderArgs> = {
  configKeys: {
    endpoint: "zstack:endpoint",
    accessKeyId: "zstack:accessKeyId",
    accessKeySecret: "zstack:accessKeySecret",
    accountName: "zstack:accountName",
    accountPassword: "zstack:accountPassword",
    timezone: "zstack:timezone",
    jobTimeoutSeconds: "zstack:jobTimeoutSeconds",
    ...transportConfigKeys("zstack"),
  },
  kinds: { jobTimeoutSeconds: "number", ...TRANSPORT_KINDS },
  secrets: ["accessKeySecret", "accountPassword", ...TRANSPORT_SECRETS],
  credentials: [
    ["accessKeyId", "accessKeySecret"],
    ["accountName", "accountPassword"],
  ],
  required: ["endpoint"],
  rules: ZSTACK_RULES,
  names: ZSTACK_NAMES,
};
