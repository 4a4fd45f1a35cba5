import { endpointProblem, hostProblem } from "../../core/transport/address";
import type { Rule } from "../../core/settings/setting-rules";
import { didYouMean } from "../../core/suggest";
import { readOidcRole, readRole } from "../credentials/roles";
import { siteOfRegion, SITES } from "./sites";
import { parsedUrl } from "../../core/url";

/** The name of a site. */
export const site: Rule = (text) => {
  if (SITES.some((one) => one === text)) {
    return undefined;
  }
  const suggestion = didYouMean(text, SITES);
  return `must be ${SITES.join(" or ")}${suggestion === "" ? "" : `.${suggestion}`}`;
};

/** A region's name. */
export const region: Rule = (text) =>
  siteOfRegion(text) === undefined ? "must be a region such as cn-hangzhou or ap-southeast-1" : undefined;

/** Another address than the site's own. */
export const endpoint: Rule = (text) =>
  endpointProblem(text, "https://tds.cn-shanghai.aliyuncs.com", { path: false });

/** The name of a RAM role, as the metadata service takes it. */
export const roleName: Rule = (text) =>
  /^[\w.-]{1,64}$/.test(text) ? undefined : "must be the name of the RAM role alone, without its account";

/** Where a sidecar gives keys. */
export const credentialsUri: Rule = (text) =>
  /^https?:\/\//i.test(text) && parsedUrl(text) !== undefined
    ? hostProblem(text)
    : "must be a URL with its scheme";

/** A role to assume, as an object in JSON. */
export const assumedRole: Rule = (text) => problemIn(readRole(text));

/** A role to assume with a token; where the environment names the token's file, a program need not know. */
export const oidcRole: Rule = (text) => problemIn(readOidcRole(text, "…"));

function problemIn(read: { readonly value: unknown } | { readonly problem: string }): string | undefined {
  return "problem" in read ? read.problem : undefined;
}
