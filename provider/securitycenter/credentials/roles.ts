/**
 * Roles as stack config names them for `@pulumi/alicloud`: objects, which arrive as JSON. Source: the types `config.AssumeRole` and
 * `config.AssumeRoleWithOidc` of that package.
 */
import { didYouMean } from "../../core/suggest";

/** A RAM role that is assumed with the keys of the connection. Its members are those of `@pulumi/alicloud`. */
export interface AssumeRole {
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: string;
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  readonly sessionName?: string;
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  readonly sessionExpiration?: number;
  /** A policy in JSON that narrows what the role may do. */
  readonly policy?: string;
  /** What the role asks of strangers. */
  readonly externalId?: string;
}

/** A RAM role that is assumed with the token of an identity provider, without keys. */
export interface AssumeRoleWithOidc {
  /** `acs:ram::<account>:oidc-provider/<name>`. */
  readonly oidcProviderArn: string;
  /** The file with the token, which is read whenever keys are renewed; that of `ALIBABA_CLOUD_OIDC_TOKEN_FILE` by default. */
  readonly oidcTokenFile?: string;
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: string;
  /** Stands in the account's audit log; `pulumi-dingtalk` by default. */
  readonly roleSessionName?: string;
  /** Seconds, from 900 to what the role allows; 3600 by default. */
  readonly sessionExpiration?: number;
  /** A policy in JSON that narrows what the role may do. */
  readonly policy?: string;
}

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

const ROLE_MEMBERS = ["roleArn", "sessionName", "sessionExpiration", "policy", "externalId"];
const OIDC_MEMBERS = [
  "oidcProviderArn",
  "oidcTokenFile",
  "oidcToken",
  "roleArn",
  "roleSessionName",
  "sessionExpiration",
  "policy",
];

// Source: AssumeRole and AssumeRoleWithOIDC of the vendor's Security Token Service.
const ROLE_ARN = /^acs:ram::\d+:role\/\S+$/i;
const PROVIDER_ARN = /^acs:ram::\d+:oidc-provider\/\S+$/i;
const SESSION_NAME = /^[\w.@-]{2,64}$/;
const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;

/** Whether a text is the ARN of a role. */
export function isRoleArn(text: string): boolean {
  return ROLE_ARN.test(text);
}

/** Reads `alicloud:assumeRole`. */
export function readRole(text: string): Read<Role> {
  const read = membersOf(text, ROLE_MEMBERS, "roleArn");
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
  const read = membersOf(text, OIDC_MEMBERS, "roleArn");
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
  if (roleArn === undefined || !isRoleArn(roleArn)) {
    return "must name the role as roleArn: acs:ram::<account>:role/<name>";
  }
  const nameProblem = sessionName === undefined ? undefined : sessionNameProblem(sessionName);
  return nameProblem ?? (sessionExpiration === undefined ? undefined : sessionProblem(sessionExpiration));
}

/** What is wrong with the name of a session. */
export function sessionNameProblem(name: string): string | undefined {
  return SESSION_NAME.test(name)
    ? undefined
    : "holds a session name that is not of 2 to 64 letters, digits or any of . @ - _";
}

/** What is wrong with the length of a session in seconds; 0 stands for the default. */
export function sessionProblem(seconds: string): string | undefined {
  const isInRange = Number(seconds) >= MIN_SESSION_SECONDS && Number(seconds) <= MAX_SESSION_SECONDS;
  return /^\d+$/.test(seconds) && (Number(seconds) === 0 || isInRange)
    ? undefined
    : `holds a session expiration that is not a whole number of seconds from ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`;
}

/** The length of a session, where one is given. */
export function lasting(seconds: string | undefined): { sessionSeconds?: number } {
  return seconds === undefined || Number(seconds) === 0 ? {} : { sessionSeconds: Number(seconds) };
}

/** The members of an object in JSON that hold anything, as texts. A list of one object is what Terraform writes. */
function membersOf(text: string, known: readonly string[], example: string): Read<Record<string, string>> {
  const shape = {
    problem: `must be an object: set its members with \`pulumi config set --path\`, for example ${example}`,
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
