/**
 * What Pulumi stores as the "code" of every resource: the name of a module and of a resource in it, never code of ours.
 * The text is permanent: refresh and delete run what the state holds, so a released one must work for ever, and a changed one shows
 * as a difference in every stack.
 */
export function stubFor(token: string): string {
  const problem =
    "pulumi-dingtalk must be a direct dependency of this Pulumi project: npm install pulumi-dingtalk";
  return (
    `exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource("${token}")}` +
    `catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="${problem}";throw e}}`
  );
}
