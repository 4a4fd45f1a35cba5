/** Wrong settings of every connection: what is set, and what is said of it. */
import { SECRETS, token } from "./error-views";

type Values = Readonly<Record<string, string | undefined>>;

/** Where it is set, what it is, the settings on top of good ones (`undefined` takes one away), the first line of what is said. */
export type BadSettings = readonly [
  source: "config" | "environment",
  what: string,
  values: Values,
  said: string,
];

const { password, keySecret, stsToken } = SECRETS;
const HIDDEN = token("key");

const notSetUp =
  (service: string) =>
  (source: BadSettings[0], what: string, values: Values, said: string): BadSettings => [
    source,
    what,
    values,
    `The connection to ${service} is not set up: ${said}`,
  ];
const zstack = notSetUp("ZStack");
const cloud = notSetUp("Security Center");

const none = (...names: string[]): Values => Object.fromEntries(names.map((name) => [name, undefined]));

const WRITE_A_PROXY =
  "Write it as http://host:port or https://host:port, with user:password@ before the host if it asks for them (percent-encode special characters in the password).";
const FOUR_NUMBERS = "write the address as four decimal numbers without leading zeros, such as 10.0.0.5.";

/** The settings that every cloud has, under its namespace. */
function transport(namespace: string, service: string): BadSettings[] {
  const key = (name: string): string => `${namespace}:${name}`;
  const of = notSetUp(service);
  const integer = (name: string, value: string, max: number): BadSettings =>
    of(
      "config",
      `${name}: ${value}`,
      { [key(name)]: value },
      `${key(name)} must be a whole number from 1 to ${max}.`,
    );
  const proxy = (what: string, value: string, said: string): BadSettings =>
    of("config", `${key("proxy")}: ${what}`, { [key("proxy")]: value }, `${key("proxy")} ${said}`);
  const first = (name: string, what: string, value: string, said: string): BadSettings => [
    "config",
    `${key(name)}: ${what}`,
    { [key(name)]: value },
    said,
  ];
  return [
    integer("requestTimeoutSeconds", "1.5", 86_400),
    integer("requestTimeoutSeconds", keySecret, 86_400),
    integer("maxConcurrentRequests", "101", 100),
    integer("maxConcurrentRequests", "0", 100),
    of(
      "config",
      "insecureSkipVerify: yes",
      { [key("insecureSkipVerify")]: "yes" },
      `${key("insecureSkipVerify")} must be true or false.`,
    ),
    first("caFile", "no file", "/no/such/file.pem", "The file named by the setting caFile cannot be read."),
    first("caFile", "no PEM", __filename, "The file named by the setting caFile holds no PEM certificate."),
    proxy("no URL", `http://[${HIDDEN}`, `is not a URL. ${WRITE_A_PROXY}`),
    proxy(
      "another scheme",
      `socks5://me:${HIDDEN}@proxy`,
      `names a kind of proxy that is not supported. ${WRITE_A_PROXY} To reach a service without the proxy, add its host to NO_PROXY.`,
    ),
    proxy(
      "a broken password",
      `http://me:${HIDDEN}%zz@proxy`,
      "has a user name or password with a broken percent-encoding. Write a literal % as %25.",
    ),
    proxy(
      "a padded address",
      `http://me:${HIDDEN}@010.0.0.5:3128`,
      `holds an address that means 8.0.0.5: ${FOUR_NUMBERS} ${WRITE_A_PROXY}`,
    ),
    [
      "environment",
      "HTTP_PROXY",
      { HTTP_PROXY: `http://[${HIDDEN}` },
      "The environment variable HTTP_PROXY is not a URL.",
    ],
    [
      "environment",
      "all_proxy",
      { all_proxy: `socks5://me:${HIDDEN}@proxy` },
      "The environment variable all_proxy names a kind of proxy that is not supported.",
    ],
  ];
}

const URL_ONLY = "must hold scheme, host, port and path only; credentials have settings of their own.";
const WITH_SCHEME = "must be a URL with its scheme, such as http://10.0.0.5:8080.";

const OF_ZSTACK: readonly BadSettings[] = [
  zstack("config", "no endpoint", none("zstack:endpoint"), "No endpoint is given."),
  zstack(
    "config",
    "an endpoint without a scheme",
    { "zstack:endpoint": HIDDEN },
    `zstack:endpoint ${WITH_SCHEME}`,
  ),
  zstack(
    "config",
    "an endpoint that is no URL",
    { "zstack:endpoint": "http://[" },
    "zstack:endpoint is not a valid URL.",
  ),
  zstack(
    "config",
    "an endpoint with a password",
    { "zstack:endpoint": `http://me:${HIDDEN}@127.0.0.1` },
    `zstack:endpoint ${URL_ONLY}`,
  ),
  zstack(
    "config",
    "an id without a secret",
    { "zstack:accessKeyId": "id" },
    "zstack:accessKeyId is set without zstack:accessKeySecret.",
  ),
  zstack(
    "config",
    "a secret without an id",
    { "zstack:accessKeySecret": keySecret },
    "zstack:accessKeySecret is set without zstack:accessKeyId.",
  ),
  zstack(
    "config",
    "an account without a password",
    none("zstack:accountPassword"),
    "zstack:accountName is set without zstack:accountPassword.",
  ),
  zstack(
    "config",
    "a password without an account",
    none("zstack:accountName"),
    "zstack:accountPassword is set without zstack:accountName.",
  ),
  zstack(
    "config",
    "no credentials",
    none("zstack:accountName", "zstack:accountPassword"),
    "No credentials are given.",
  ),
  zstack(
    "config",
    "a time zone that does not exist",
    { "zstack:timezone": keySecret },
    "zstack:timezone must be a time zone such as Asia/Shanghai, or an offset such as +08:00.",
  ),
  zstack(
    "config",
    "no time for jobs",
    { "zstack:jobTimeoutSeconds": "0" },
    "zstack:jobTimeoutSeconds must be a whole number from 1 to 86400.",
  ),
  zstack(
    "config",
    "two at once",
    { "zstack:jobTimeoutSeconds": keySecret, "zstack:insecureSkipVerify": password },
    "zstack:insecureSkipVerify must be true or false. zstack:jobTimeoutSeconds must be a whole number from 1 to 86400.",
  ),
  zstack(
    "config",
    "an endpoint with a padded address",
    { "zstack:endpoint": "http://010.0.0.5:8080" },
    `zstack:endpoint holds an address that means 8.0.0.5: ${FOUR_NUMBERS}`,
  ),
  zstack(
    "config",
    "the word that a program makes of nothing",
    { "zstack:accountName": "undefined" },
    'zstack:accountName holds the text "undefined", which a program makes of something that is no text: leave the setting out where there is no value.',
  ),
  zstack(
    "config",
    "an output written as text",
    { "zstack:timezone": "Calling [toString] on an [Output<T>] is not supported.\n\nTo get …" },
    "zstack:timezone holds an Output that was written as text: build it with pulumi.interpolate.",
  ),
  zstack(
    "config",
    "outputs of a Provider that hold nothing",
    { "zstack:missingSettings": "accountName,accountPassword" },
    "The Provider was given outputs without a value for accountName, accountPassword.",
  ),
  zstack(
    "config",
    "the name of another tool",
    { "zstack:endpoint": undefined, "zstack:host": HIDDEN },
    "zstack:host is not a setting of this package: write zstack:endpoint. No endpoint is given.",
  ),
  zstack(
    "config",
    "another spelling",
    { "zstack:job_timeout_seconds": HIDDEN },
    'zstack:job_timeout_seconds is not a setting. Did you mean "zstack:jobTimeoutSeconds"?',
  ),
  ...transport("zstack", "ZStack"),
  zstack(
    "environment",
    "a host with a padded address",
    { ZSTACK_ENDPOINT: undefined, ZSTACK_HOST: "010.0.0.5" },
    `ZSTACK_HOST holds an address that means 8.0.0.5: ${FOUR_NUMBERS}`,
  ),
  zstack(
    "environment",
    "the word that a program makes of nothing",
    { ZSTACK_ACCOUNT_PASSWORD: "undefined" },
    'ZSTACK_ACCOUNT_PASSWORD holds the text "undefined", which a program makes of something that is no text: leave the setting out where there is no value.',
  ),
  zstack(
    "environment",
    "an endpoint without a scheme",
    { ZSTACK_ENDPOINT: HIDDEN },
    `ZSTACK_ENDPOINT ${WITH_SCHEME}`,
  ),
  zstack(
    "environment",
    "a URL for a host",
    { ZSTACK_ENDPOINT: undefined, ZSTACK_HOST: `http://${HIDDEN}` },
    "ZSTACK_HOST must be a host name or an address alone, such as 10.0.0.5; a URL belongs into ZSTACK_ENDPOINT.",
  ),
  zstack(
    "environment",
    "a port that does not exist",
    { ZSTACK_ENDPOINT: undefined, ZSTACK_HOST: "127.0.0.1", ZSTACK_PORT: "65536" },
    "ZSTACK_PORT must be a whole number from 1 to 65535.",
  ),
  zstack(
    "environment",
    "an id without a secret",
    { ZSTACK_ACCESS_KEY_ID: "id" },
    "ZSTACK_ACCESS_KEY_ID is set without ZSTACK_ACCESS_KEY_SECRET.",
  ),
  zstack(
    "environment",
    "a secret without an id",
    { ZSTACK_ACCESS_KEY_SECRET: keySecret },
    "ZSTACK_ACCESS_KEY_SECRET is set without ZSTACK_ACCESS_KEY_ID.",
  ),
  zstack(
    "environment",
    "an account without a password",
    none("ZSTACK_ACCOUNT_PASSWORD"),
    "ZSTACK_ACCOUNT_NAME is set without ZSTACK_ACCOUNT_PASSWORD.",
  ),
  zstack(
    "environment",
    "a password without an account",
    none("ZSTACK_ACCOUNT_NAME"),
    "ZSTACK_ACCOUNT_PASSWORD is set without ZSTACK_ACCOUNT_NAME.",
  ),
];

const FAMILIES = [
  ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"],
  ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"],
  ["ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"],
] as const;
const NO_KEYS = none(...FAMILIES.flat());
const IN_CONFIG = ["alicloud:accessKey", "alicloud:secretKey", "alicloud:securityToken"] as const;

/** Parts of a set of keys, each without the others. */
function halves(
  source: BadSettings[0],
  [id, secret, sts]: readonly [string, string, string],
  noKeys: Values,
): BadSettings[] {
  return [
    cloud(source, `${id} alone`, { ...noKeys, [id]: "id" }, `${id} is set without ${secret}.`),
    cloud(source, `${secret} alone`, { ...noKeys, [secret]: keySecret }, `${secret} is set without ${id}.`),
    cloud(
      source,
      `${sts} alone`,
      { ...noKeys, [sts]: stsToken },
      `${sts} is set without ${id} and ${secret}.`,
    ),
  ];
}

const ROLE = "acs:ram::1234567890123456:role/security-admin";
const PROVIDER = "acs:ram::1234567890123456:oidc-provider/ack";
const REGION = "must be a region such as cn-hangzhou or ap-southeast-1.";
const NO_PROFILE = 'The Alibaba Cloud profile "nobody" gives no credentials.';
const noSite = none("securitycenter:site");

const OF_SECURITY_CENTER: readonly BadSettings[] = [
  cloud("config", "no site", noSite, "Neither a site nor a region is given."),
  cloud(
    "config",
    "another site",
    { "securitycenter:site": "chine" },
    'securitycenter:site must be china or international. Did you mean "china"?',
  ),
  cloud("config", "no region", { ...noSite, "alicloud:region": "hangzhou" }, `alicloud:region ${REGION}`),
  cloud(
    "config",
    "an endpoint without a scheme",
    { "securitycenter:endpoint": HIDDEN },
    "securitycenter:endpoint must be a URL with its scheme, such as https://tds.cn-shanghai.aliyuncs.com.",
  ),
  cloud(
    "config",
    "an endpoint with a password",
    { "securitycenter:endpoint": `http://me:${HIDDEN}@127.0.0.1` },
    "securitycenter:endpoint must hold scheme, host and port only.",
  ),
  ...halves("config", IN_CONFIG, none(...IN_CONFIG)),
  [
    "config",
    "a profile that does not exist",
    { ...none(...IN_CONFIG), "alicloud:profile": "nobody" },
    NO_PROFILE,
  ],
  cloud(
    "config",
    "keys and the role of an instance",
    { "alicloud:ecsRoleName": "pulumi" },
    "alicloud:accessKey and alicloud:ecsRoleName each say who calls: remove all but one of them.",
  ),
  cloud(
    "config",
    "a role of an instance with its account",
    { ...none(...IN_CONFIG), "alicloud:ecsRoleName": "acs:ram::1:role/pulumi" },
    "alicloud:ecsRoleName must be the name of the RAM role alone, without its account.",
  ),
  cloud(
    "config",
    "an address of keys without a scheme",
    { ...none(...IN_CONFIG), "alicloud:credentialsUri": HIDDEN },
    "alicloud:credentialsUri must be a URL with its scheme.",
  ),
  ...[
    [HIDDEN, `must be an object: set its members with \`pulumi config set --path\`, for example roleArn.`],
    [JSON.stringify({ roleArn: HIDDEN }), `must name the role as roleArn: acs:ram::<account>:role/<name>.`],
    [JSON.stringify({ roleARN: ROLE }), `holds a member that is unknown here. Did you mean "roleArn"?`],
    [JSON.stringify({ roleArn: [ROLE] }), `holds a member roleArn that is neither a text nor a number.`],
    [
      JSON.stringify({ roleArn: ROLE, sessionName: HIDDEN.repeat(2) }),
      "holds a session name that is not of 2 to 64 letters, digits or any of . @ - _.",
    ],
    [
      JSON.stringify({ roleArn: ROLE, sessionExpiration: 60 }),
      "holds a session expiration that is not a whole number of seconds from 900 to 43200.",
    ],
  ].map(([value = "", said = ""]) =>
    cloud("config", `a role: ${said}`, { "alicloud:assumeRole": value }, `alicloud:assumeRole ${said}`),
  ),
  ...[
    ["[]", "must be an object: set its members with `pulumi config set --path`, for example roleArn."],
    [
      JSON.stringify({ roleArn: ROLE }),
      "must name the identity provider as oidcProviderArn: acs:ram::<account>:oidc-provider/<name>.",
    ],
    [
      JSON.stringify({ roleArn: ROLE, oidcProviderArn: PROVIDER, oidcToken: stsToken }),
      "holds an oidcToken, which is not supported, because it cannot be renewed: name the file with the token as oidcTokenFile.",
    ],
    [
      JSON.stringify({ oidcProviderArn: PROVIDER, oidcTokenFile: "token" }),
      "must name the role as roleArn: acs:ram::<account>:role/<name>.",
    ],
    [
      JSON.stringify({ roleArn: ROLE, oidcProviderArn: PROVIDER }),
      "must name the file with the token as oidcTokenFile.",
    ],
  ].map(([value = "", said = ""]) =>
    cloud(
      "config",
      `a role by OIDC: ${said}`,
      { ...none(...IN_CONFIG), "alicloud:assumeRoleWithOidc": value },
      `alicloud:assumeRoleWithOidc ${said}`,
    ),
  ),
  [
    "config",
    "a role by OIDC whose token is not there",
    {
      ...none(...IN_CONFIG),
      "alicloud:assumeRoleWithOidc": JSON.stringify({ roleArn: ROLE, oidcProviderArn: PROVIDER }),
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/no/such/token",
    },
    `The RAM role ${ROLE} could not be assumed with the token of the identity provider.`,
  ],
  [
    "config",
    "a file of profiles that does not exist",
    { ...none(...IN_CONFIG), "alicloud:sharedCredentialsFile": "/no/such/file.json" },
    "No Alibaba Cloud credentials were found.",
  ],
  cloud(
    "config",
    "an endpoint in the place of another provider",
    { "securitycenter:endpoint": undefined, "alicloud:endpoints": `[{"sas":"${HIDDEN}"}]` },
    "alicloud:endpoints holds sas, which is not read here: write it as securitycenter:endpoint, too.",
  ),
  cloud(
    "config",
    "an STS endpoint in the place of another provider",
    {
      "alicloud:assumeRole": JSON.stringify({ roleArn: ROLE }),
      "alicloud:endpoints": `[{"sts": "${HIDDEN}"}]`,
    },
    "alicloud:endpoints holds sts, which is not read here: say where roles are assumed by ALIBABA_CLOUD_STS_REGION instead, and with ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED=true where that is a VPC.",
  ),
  cloud(
    "config",
    "names of other tools",
    { ...none(...IN_CONFIG), "alicloud:accessKeyId": "id", "alicloud:accessKeySecret": keySecret },
    "alicloud:accessKeyId is not a setting of this package: write alicloud:accessKey. alicloud:accessKeySecret is not a setting of this package: write alicloud:secretKey.",
  ),
  ...transport("securitycenter", "Security Center"),
  cloud(
    "environment",
    "a role of an instance with its account",
    { ...NO_KEYS, ALICLOUD_ECS_ROLE_NAME: "acs:ram::1:role/pulumi" },
    "ALICLOUD_ECS_ROLE_NAME must be the name of the RAM role alone, without its account.",
  ),
  cloud(
    "environment",
    "an address of keys without a scheme",
    { ...NO_KEYS, ALICLOUD_CREDENTIALS_URI: HIDDEN },
    "ALICLOUD_CREDENTIALS_URI must be a URL with its scheme.",
  ),
  cloud(
    "environment",
    "a role that is none",
    { ALICLOUD_ASSUME_ROLE_ARN: HIDDEN },
    "ALICLOUD_ASSUME_ROLE_ARN must be the ARN of a role: acs:ram::<account>:role/<name>.",
  ),
  cloud(
    "environment",
    "a role that is none, with half of what RRSA needs",
    { ALIBABA_CLOUD_ROLE_ARN: HIDDEN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN: PROVIDER },
    "ALIBABA_CLOUD_ROLE_ARN must be the ARN of a role: acs:ram::<account>:role/<name>.",
  ),
  ...["ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"].map((name) =>
    cloud(
      "environment",
      `${name}: no name of a session`,
      { ALICLOUD_ASSUME_ROLE_ARN: ROLE, [name]: "a b" },
      `${name} holds a session name that is not of 2 to 64 letters, digits or any of . @ - _.`,
    ),
  ),
  cloud(
    "environment",
    "a session that is too short",
    { ALICLOUD_ASSUME_ROLE_ARN: ROLE, ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: "899" },
    "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION holds a session expiration that is not a whole number of seconds from 900 to 43200.",
  ),
  ...FAMILIES.flatMap((family) => halves("environment", family, NO_KEYS)),
  cloud(
    "environment",
    "another site",
    { "securitycenter:site": undefined, SECURITYCENTER_SITE: "internatonal" },
    'SECURITYCENTER_SITE must be china or international. Did you mean "international"?',
  ),
  cloud(
    "environment",
    "an endpoint without a scheme",
    { "securitycenter:endpoint": undefined, SECURITYCENTER_ENDPOINT: HIDDEN },
    "SECURITYCENTER_ENDPOINT must be a URL with its scheme, such as https://tds.cn-shanghai.aliyuncs.com.",
  ),
  ...["ALIBABA_CLOUD_REGION", "ALICLOUD_REGION", "ALIBABACLOUD_REGION"].map((name) =>
    cloud(
      "environment",
      `${name}: no region`,
      { "securitycenter:site": undefined, ALIBABA_CLOUD_REGION: undefined, [name]: keySecret },
      `${name} ${REGION}`,
    ),
  ),
  ...["ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"].map((name): BadSettings => [
    "environment",
    `${name}: a profile that does not exist`,
    { ...NO_KEYS, [name]: "nobody" },
    NO_PROFILE,
  ]),
  [
    "environment",
    "a file of profiles that does not exist",
    { ...NO_KEYS, ALICLOUD_SHARED_CREDENTIALS_FILE: "/no/such/file.json" },
    "No Alibaba Cloud credentials were found.",
  ],
];

/** By the resource that is read with these settings. */
export const BAD_SETTINGS: Readonly<Record<string, readonly BadSettings[]>> = {
  "zstack:DingTalkEndpoint": OF_ZSTACK,
  "securitycenter:DingTalkRobot": OF_SECURITY_CENTER,
};
