// @ts-check
// Where the repository is: said here, and derived everywhere else. Empty while it is not known.

/** For example `https://github.com/someone/pulumi-dingtalk`, without a slash at the end. */
export const REPOSITORY = "";

/**
 * What package.json says of it: nothing while there is none.
 * @param {string} repository
 * @returns {{ homepage?: string, bugs?: { url: string }, repository?: { type: string, url: string } }}
 */
export function repositoryFields(repository) {
  return repository === ""
    ? {}
    : {
        homepage: `${repository}#readme`,
        bugs: { url: `${repository}/issues` },
        repository: { type: "git", url: `git+${repository}.git` },
      };
}
