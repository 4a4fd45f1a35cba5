import { endpointProblem } from "../../core/transport/address";
import type { SettingNames } from "../../core/settings/setting-names";
import { seconds, transportRules, type Rule, type SettingRules } from "../../core/settings/setting-rules";
import { isTimeZone } from "../transport/server-time";

/** A management node's address. */
export const endpoint: Rule = (text) => endpointProblem(text, "http://10.0.0.5:8080", { path: true });

const timezone: Rule = (text) =>
  isTimeZone(text) ? undefined : "must be a time zone such as Asia/Shanghai, or an offset such as +08:00";

/** What the settings of the config namespace `zstack` may be. */
export const ZSTACK_RULES: SettingRules = {
  "zstack:endpoint": endpoint,
  "zstack:timezone": timezone,
  "zstack:jobTimeoutSeconds": seconds,
  ...transportRules("zstack"),
};

const ACCOUNT = ["zstack:accountName", "zstack:accessKeyId"] as const;
const PASSWORD = ["zstack:accountPassword", "zstack:accessKeySecret"] as const;
const KEY_ID = ["zstack:accessKeyId", "zstack:accountName"] as const;
const KEY_SECRET = ["zstack:accessKeySecret", "zstack:accountPassword"] as const;
const ENDPOINT = ["zstack:endpoint"] as const;

/** The names in the config namespace `zstack`. Those of the vendor's Terraform provider are among the expected ones. */
export const ZSTACK_NAMES: SettingNames = {
  settings: [
    "zstack:endpoint",
    "zstack:accessKeyId",
    "zstack:accessKeySecret",
    "zstack:accountName",
    "zstack:accountPassword",
    "zstack:timezone",
    "zstack:jobTimeoutSeconds",
    "zstack:caFile",
    "zstack:insecureSkipVerify",
    "zstack:proxy",
    "zstack:requestTimeoutSeconds",
    "zstack:maxConcurrentRequests",
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
