import { defineSettings, type SettingsTable } from "../../core/settings/setting-table";
import { seconds } from "../../core/settings/setting-rules";
import { transportSettings } from "../../core/settings/transport-settings";
import { endpoint, timezone } from "./setting-rules";

const entries = defineSettings({
  /** `http://host:8080`; the path `/zstack` is added unless there is another. */
  endpoint: {
    key: "zstack:endpoint",
    kind: "string",
    // ZSTACK_HOST and ZSTACK_PORT, as the vendor's Terraform provider has them, are put together where it is read.
    env: ["ZSTACK_ENDPOINT", "ZSTACK_HOST", "ZSTACK_PORT"],
    required: true,
    rule: endpoint,
  },
  /** The id of an access key. */
  accessKeyId: { key: "zstack:accessKeyId", kind: "string", env: ["ZSTACK_ACCESS_KEY_ID"] },
  /** The secret of the access key. */
  accessKeySecret: {
    key: "zstack:accessKeySecret",
    kind: "string",
    env: ["ZSTACK_ACCESS_KEY_SECRET"],
    secret: true,
  },
  /** The account to log in as. */
  accountName: { key: "zstack:accountName", kind: "string", env: ["ZSTACK_ACCOUNT_NAME"] },
  /** The account's password, in clear: it is hashed before it is sent. */
  accountPassword: {
    key: "zstack:accountPassword",
    kind: "string",
    env: ["ZSTACK_ACCOUNT_PASSWORD"],
    secret: true,
  },
  /** The management node's time zone, for access keys; measured when not given. */
  timezone: { key: "zstack:timezone", kind: "string", rule: timezone },
  /** Seconds one asynchronous job may take; 300 by default. */
  jobTimeoutSeconds: { key: "zstack:jobTimeoutSeconds", kind: "number", default: 300, rule: seconds },
  ...transportSettings("zstack"),
});

const ACCOUNT = ["zstack:accountName", "zstack:accessKeyId"] as const;
const PASSWORD = ["zstack:accountPassword", "zstack:accessKeySecret"] as const;
const KEY_ID = ["zstack:accessKeyId", "zstack:accountName"] as const;
const KEY_SECRET = ["zstack:accessKeySecret", "zstack:accountPassword"] as const;
const ENDPOINT = ["zstack:endpoint"] as const;

/** The settings of the config namespace `zstack`. Names of the vendor's Terraform provider are among the expected ones. */
export const zstackSettings: SettingsTable<typeof entries> = {
  entries,
  credentials: [
    ["accessKeyId", "accessKeySecret"],
    ["accountName", "accountPassword"],
  ],
  expected: {
    "zstack:host": ENDPOINT,
    "zstack:hostname": ENDPOINT,
    "zstack:port": ENDPOINT,
    "zstack:url": ENDPOINT,
    "zstack:address": ENDPOINT,
    "zstack:server": ENDPOINT,
    "zstack:account": ACCOUNT,
    "zstack:user": ACCOUNT,
    "zstack:username": ACCOUNT,
    "zstack:userName": ACCOUNT,
    "zstack:password": PASSWORD,
    "zstack:accessKey": KEY_ID,
    "zstack:secretKey": KEY_SECRET,
    "zstack:accessSecret": KEY_SECRET,
    "zstack:timeZone": ["zstack:timezone"],
    "zstack:timeout": ["zstack:requestTimeoutSeconds"],
    "zstack:requestTimeout": ["zstack:requestTimeoutSeconds"],
    "zstack:jobTimeout": ["zstack:jobTimeoutSeconds"],
    "zstack:insecure": ["zstack:insecureSkipVerify"],
    "zstack:caCert": ["zstack:caFile"],
    "zstack:cacert": ["zstack:caFile"],
  },
};
