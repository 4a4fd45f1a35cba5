import type { Rule } from "../../core/settings/setting-rules";
import { inNamespace, type Setting, type SettingsTable } from "../../core/settings/table";
import { SECONDS, TRANSPORT_SETTINGS } from "../../core/settings/transport-settings";
import { endpointProblem } from "../../core/transport/address";
import { isTimeZone } from "../transport/server-time";
import { foreignNames } from "./foreign-names";

const EXAMPLE = "http://10.0.0.5:8080";

const endpoint: Rule = (text) => endpointProblem(text, EXAMPLE, { path: true });

const timezone: Rule = (text) =>
  isTimeZone(text) ? undefined : "must be a time zone such as Asia/Shanghai, or an offset such as +08:00";

/** The settings of ZStack's own. */
export const settings = {
  /** `http://host:8080`; the path `/zstack` is added unless there is another. */
  endpoint: {
    key: "zstack:endpoint",
    shape: { kind: "text", form: "URL" },
    required: true,
    environment: ["ZSTACK_ENDPOINT", ["ZSTACK_HOST", "ZSTACK_PORT"]],
    rule: endpoint,
  },
  /** The id of an access key. */
  accessKeyId: { key: "zstack:accessKeyId", shape: { kind: "text" }, environment: ["ZSTACK_ACCESS_KEY_ID"] },
  /** The secret of the access key. */
  accessKeySecret: {
    key: "zstack:accessKeySecret",
    shape: { kind: "text" },
    secret: true,
    verbatim: true,
    environment: ["ZSTACK_ACCESS_KEY_SECRET"],
  },
  /** The account to log in as. */
  accountName: { key: "zstack:accountName", shape: { kind: "text" }, environment: ["ZSTACK_ACCOUNT_NAME"] },
  /** The account's password, in clear: it is hashed before it is sent. */
  accountPassword: {
    key: "zstack:accountPassword",
    shape: { kind: "text" },
    secret: true,
    verbatim: true,
    environment: ["ZSTACK_ACCOUNT_PASSWORD"],
  },
  /** The management node's time zone, for access keys; measured when not given. */
  timezone: { key: "zstack:timezone", shape: { kind: "text" }, rule: timezone },
  /** Seconds one asynchronous job may take; 300 by default. */
  jobTimeoutSeconds: { key: "zstack:jobTimeoutSeconds", shape: SECONDS, default: 300 },
} as const satisfies Record<string, Setting>;

/** All settings of a connection to ZStack. */
export const zstackSettings: SettingsTable<keyof typeof settings | keyof typeof TRANSPORT_SETTINGS> = {
  cloud: "zstack",
  service: "ZStack",
  settings: { ...settings, ...inNamespace("zstack", TRANSPORT_SETTINGS) },
  places: [{ setting: "endpoint", example: EXAMPLE, placeholder: "http://<management-node>:8080" }],
  credentials: [
    ["accessKeyId", "accessKeySecret"],
    ["accountName", "accountPassword"],
  ],
  foreign: foreignNames,
};
