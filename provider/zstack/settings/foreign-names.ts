import type { ForeignNames } from "../../core/settings/table";

/** Either pair of credentials stands for the names of the other. */
const ACCOUNT = ["accountName", "accessKeyId"] as const;
const PASSWORD = ["accountPassword", "accessKeySecret"] as const;
const KEY_ID = ["accessKeyId", "accountName"] as const;
const KEY_SECRET = ["accessKeySecret", "accountPassword"] as const;

/** Names in the config namespace `zstack` that are no settings. Those of the vendor's Terraform provider are among the expected ones. */
export const foreignNames = {
  expected: {
    "zstack:host": ["endpoint"],
    "zstack:hostname": ["endpoint"],
    "zstack:port": ["endpoint"],
    "zstack:url": ["endpoint"],
    "zstack:address": ["endpoint"],
    "zstack:server": ["endpoint"],
    "zstack:account": ACCOUNT,
    "zstack:user": ACCOUNT,
    "zstack:username": ACCOUNT,
    "zstack:userName": ACCOUNT,
    "zstack:password": PASSWORD,
    "zstack:accessKey": KEY_ID,
    "zstack:secretKey": KEY_SECRET,
    "zstack:accessSecret": KEY_SECRET,
    "zstack:timeZone": ["timezone"],
    "zstack:timeout": ["requestTimeoutSeconds"],
    "zstack:requestTimeout": ["requestTimeoutSeconds"],
    "zstack:jobTimeout": ["jobTimeoutSeconds"],
    "zstack:insecure": ["insecureSkipVerify"],
    "zstack:caCert": ["caFile"],
    "zstack:cacert": ["caFile"],
  },
} as const satisfies ForeignNames;
