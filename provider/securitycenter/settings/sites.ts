/** The sites by name. */
export const SITES = ["china", "international"] as const;

/** Which of the two installations of Security Center: robots of one are invisible in the other. */
export type Site = (typeof SITES)[number];

/** The endpoint of each site (sheet 1.1). */
export const SITE_HOSTS: Readonly<Record<Site, string>> = {
  china: "tds.cn-shanghai.aliyuncs.com",
  international: "tds.ap-southeast-1.aliyuncs.com",
};

/** A region's name: `cn-hangzhou`, `ap-southeast-1`, `cn-beijing-finance-1`. */
const REGION_PATTERN = /^[a-z]{2}-[a-z0-9-]+$/;

/**
 * The site that serves a region, `undefined` when the text is no region. The official SDKs send mainland regions and Hong Kong to
 * the Chinese site and all others to the international one. Conflicting evidence on `cn-hongkong` (sheet 1.1): set the site there.
 */
export function siteOfRegion(region: string): Site | undefined {
  if (!REGION_PATTERN.test(region)) {
    return undefined;
  }
  return region.startsWith("cn-") ? "china" : "international";
}
