import { fail } from "./errors";
import type { SecurityCenterSwitches } from "./switches";

/** Throws when RAM denies the action (sections 8.2, 10). */
export function permit(action: string, { deniedActions, denial }: SecurityCenterSwitches): void {
  if (!deniedActions.includes("*") && !deniedActions.includes(action)) {
    return;
  }
  switch (denial) {
    case "NoPermission":
      return fail(403, "NoPermission", "caller has no permission");
    case "NoPermission 400":
      return fail(400, "NoPermission", "no permission");
    case "Forbidden":
    case "Forbidden.RAM":
      return fail(
        403,
        denial,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
      );
  }
}
