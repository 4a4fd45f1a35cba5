/**
 * Roles as stack config names them for `@pulumi/alicloud`: objects, which arrive as JSON. Source: the types `config.AssumeRole` and
 * `config.AssumeRoleWithOidc` of that package.
 */
import type { Rule } from "../../core/settings/setting-rules";
import type { SettingMember } from "../../core/settings/table";
import { didYouMean } from "../../core/suggest";

/** A RAM role that other keys assume. */
export interface Role {
  readonly arn: string;
  readonly sessionName?: string | undefined;
  readonly sessionSeconds?: number | undefined;
  /** Narrows what the role may do, in this session. */
  readonly policy?: string | undefined;
  readonly externalId?: string | undefined;
}

/** A RAM role that is assumed with the token of an identity provider, without keys. */
export interface OidcRole extends Omit<Role, "externalId"> {
  readonly providerArn: string;
  readonly tokenFile: string;
}

/** A value, or what is wrong with its text as continuation of "`setting` …". */
type Read<T> = { readonly value: T } | { readonly problem: string };

// Source: AssumeRole and AssumeRoleWithOIDC of the vendor's Security Token Service.
const ROLE_ARN = /^acs:ram::\d+:role\/\S+$/i;
const PROVIDER_ARN = /^acs:ram::\d+:oidc-provider\/\S+$/i;
const SESSION_NAME = /^[\w.@-]{2,64}$/;
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;

/** The ARN of a role. */
const arnOfRole: Rule = (text) =>
  ROLE_ARN.test(text) ? undefined : "must be the ARN of a role: acs:ram::<account>:role/<name>";

/** The name of a session. */
const nameOfSession: Rule = (text) =>
  SESSION_NAME.test(text)
    ? undefined
    : "holds a session name that is not of 2 to 64 letters, digits or any of . @ - _";

/** The length of a session in seconds; 0 stands for the default. */
const lengthOfSession: Rule = (text) => {
  const isInRange = Number(text) >= MIN_SESSION_SECONDS && Number(text) <= MAX_SESSION_SECONDS;
  return /^\d+$/.test(text) && (Number(text) === 0 || isInRange)
    ? undefined
    : `holds a session expiration that is not a whole number of seconds from ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`;
};

const SESSION_SECONDS = { kind: "integer", min: MIN_SESSION_SECONDS, max: MAX_SESSION_SECONDS } as const;

/** The members of `alicloud:assumeRole`. */
export const roleMembers = {
  /** `acs:ram::<account>:role/<name>`. */
  roleArn: {
    shape: { kind: "text" },
    required: true,
    environment: ["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"],
    rule: arnOfRole,
  },
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  sessionName: {
    shape: { kind: "text" },
    environment: ["ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"],
    rule: nameOfSession,
  },
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  sessionExpiration: {
    shape: SESSION_SECONDS,
    environment: ["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"],
    rule: lengthOfSession,
  },
  /** A policy in JSON that narrows what the role may do. */
  policy: { shape: { kind: "text" } },
  /** What the role asks of strangers. */
  externalId: { shape: { kind: "text" } },
} as const satisfies Record<string, SettingMember>;

/** The members of `alicloud:assumeRoleWithOidc`. */
export const oidcRoleMembers = {
  /** `acs:ram::<account>:oidc-provider/<name>`. */
  oidcProviderArn: {
    shape: { kind: "text" },
    required: true,
    environment: ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"],
  },
  /** The file with the token, which is read whenever keys are renewed; that of `ALIBABA_CLOUD_OIDC_TOKEN_FILE` by default. */
  oidcTokenFile: { shape: { kind: "text" }, environment: ["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] },
  /** `acs:ram::<account>:role/<name>`. */
  roleArn: { shape: { kind: "text" }, required: true, rule: arnOfRole },
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  roleSessionName: { shape: { kind: "text" }, rule: nameOfSession },
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  sessionExpiration: { shape: SESSION_SECONDS, rule: lengthOfSession },
  /** A policy in JSON that narrows what the role may do. */
  policy: { shape: { kind: "text" } },
} as const satisfies Record<string, SettingMember>;

/** Reads `alicloud:assumeRole`. */
export function readRole(text: string): Read<Role> {
  const read = membersOf(text, Object.keys(roleMembers));
  if ("problem" in read) {
    return read;
  }
  const { roleArn, sessionName, sessionExpiration, policy, externalId } = read.value;
  const problem = problemOf({ roleArn, sessionName, sessionExpiration });
  return problem === undefined
    ? { value: { arn: roleArn ?? "", sessionName, policy, externalId, ...lasting(sessionExpiration) } }
    : { problem };
}

/** Reads `alicloud:assumeRoleWithOidc`. `tokenFile` is what the environment says, for where the object names no file. */
export function readOidcRole(text: string, tokenFile: string | undefined): Read<OidcRole> {
  const read = membersOf(text, [...Object.keys(oidcRoleMembers), "oidcToken"]);
  if ("problem" in read) {
    return read;
  }
  const { roleArn, oidcProviderArn, oidcTokenFile, oidcToken, policy, ...session } = read.value;
  const { roleSessionName: sessionName, sessionExpiration } = session;
  const file = oidcTokenFile ?? tokenFile;
  if (oidcToken !== undefined) {
    return {
      problem:
        "holds an oidcToken, which is not supported, because it cannot be renewed: name the file with the token as oidcTokenFile",
    };
  }
  if (oidcProviderArn === undefined || !PROVIDER_ARN.test(oidcProviderArn)) {
    return {
      problem: "must name the identity provider as oidcProviderArn: acs:ram::<account>:oidc-provider/<name>",
    };
  }
  if (file === undefined) {
    return { problem: "must name the file with the token as oidcTokenFile" };
  }
  const problem = problemOf({ roleArn, sessionName, sessionExpiration });
  return problem === undefined
    ? {
        value: {
          arn: roleArn ?? "",
          providerArn: oidcProviderArn,
          tokenFile: file,
          sessionName,
          policy,
          ...lasting(sessionExpiration),
        },
      }
    : { problem };
}

function problemOf(members: {
  roleArn: string | undefined;
  sessionName: string | undefined;
  sessionExpiration: string | undefined;
}): string | undefined {
  const { roleArn, sessionName, sessionExpiration } = members;
  if (roleArn === undefined || arnOfRole(roleArn) !== undefined) {
    return "must name the role as roleArn: acs:ram::<account>:role/<name>";
  }
  const nameProblem = sessionName === undefined ? undefined : nameOfSession(sessionName);
  return nameProblem ?? (sessionExpiration === undefined ? undefined : lengthOfSession(sessionExpiration));
}

/** The length of a session, where one is given. */
export function lasting(seconds: string | undefined): { sessionSeconds?: number } {
  return seconds === undefined || Number(seconds) === 0 ? {} : { sessionSeconds: Number(seconds) };
}

/** The members of an object in JSON that hold anything, as texts. A list of one object is what Terraform writes. */
function membersOf(text: string, known: readonly string[]): Read<Record<string, string>> {
  const shape = {
    problem: "must be an object: set its members with `pulumi config set --path`, for example roleArn",
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return shape;
  }
  const object: unknown = Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed;
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    return shape;
  }
  const given = Object.entries(object as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  for (const [name, value] of given) {
    if (!known.includes(name)) {
      const suggestion = didYouMean(name, known);
      return { problem: `holds a member that is unknown here${suggestion === "" ? "" : `.${suggestion}`}` };
    }
    if (typeof value !== "string" && typeof value !== "number") {
      return { problem: `holds a member ${name} that is neither a text nor a number` };
    }
  }
  return { value: Object.fromEntries(given.map(([name, value]) => [name, String(value).trim()])) };
}
