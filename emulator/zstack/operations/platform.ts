import type { Platform } from "../entities";
import { platformInventory } from "../inventory";
import { query, requiredText, textOf, type Operation } from "../operation";
import { platformTarget } from "../targets";
import { refuseBuiltIn } from "./checks";
import { applyNameAndDescription, DESCRIPTION, Kind, NAME, REQUIRED_NAME } from "./kind";

const BASE = "/sns/application-platforms";
const ACTIONS = `${BASE}/{uuid}/actions`;

const platform = new Kind<Platform>({
  type: "SNSApplicationPlatformVO",
  module: "sns",
  table: (store) => store.platforms,
  inventory: platformInventory,
});

/** Section 6.3. */
const createEmail = platform.create(
  { name: "CreateSNSEmailPlatform", path: `${BASE}/email` },
  [
    REQUIRED_NAME,
    DESCRIPTION,
    { name: "smtpServer", type: "string", required: true },
    { name: "smtpPort", type: "integer", required: true, min: 1, max: 65535 },
    { name: "username", type: "string" },
    { name: "password", type: "string" },
    { name: "encryptType", type: "string", values: ["SSL", "STARTTLS", "NONE"] },
  ],
  ({ params }) => ({
    type: "Email",
    name: requiredText(params, "name"),
    description: textOf(params, "description"),
    smtpServer: textOf(params, "smtpServer"),
    smtpPort: typeof params.smtpPort === "number" ? params.smtpPort : undefined,
    username: textOf(params, "username"),
    password: textOf(params, "password"),
    encryptType: textOf(params, "encryptType"),
  }),
);

const update = platform.update(
  { name: "UpdateSNSApplicationPlatform", path: ACTIONS, wrapper: "updateSNSApplicationPlatform" },
  [NAME, DESCRIPTION],
  applyNameAndDescription,
);

const changeState = platform.changeState(
  { name: "ChangeSNSApplicationPlatformState", path: ACTIONS, wrapper: "changeSNSApplicationPlatformState" },
  (row, state) => {
    refuseSystem(row);
    row.state = state;
  },
);

/** Takes the platform's endpoints along (section 6.3). */
const remove = platform.remove(
  { name: "DeleteSNSApplicationPlatform", path: `${BASE}/{uuid}` },
  refuseSystem,
);

function refuseSystem(row: Platform): void {
  if (row.type === "system") {
    refuseBuiltIn("the system platform");
  }
}

export const platformOperations: readonly Operation[] = [
  createEmail,
  update,
  changeState,
  remove,
  query("QuerySNSApplicationPlatform", BASE, platformTarget, { module: "sns" }),
];
