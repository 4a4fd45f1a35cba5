// @ts-check
"use strict";

/**
 * Who may import whom. `test/layers.test.ts` breaks each of these rules in a small tree and expects it to be reported.
 *
 *   cli        → emulator
 *   provider/  core ← zstack, securitycenter ← clouds ← runtime
 *              core ← pulumi ← program ← index
 *   emulator/  nothing of provider/; frame ← zstack, securitycenter, dingtalk ← index, start
 *   emulator/zstack/  switches ← rest ← kinds ← delivery ← parts ← node, site
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "core-is-the-bottom",
      comment: "core knows no cloud; what it needs of one comes as an argument.",
      severity: "error",
      from: { path: "^provider/core/" },
      to: { path: "^(provider/(?!core/)|emulator/|cli/)" },
    },
    {
      name: "core-transport-alone",
      comment: "How something is sent has nothing to do with settings, arguments and lifecycles.",
      severity: "error",
      from: { path: "^provider/core/transport/" },
      to: { path: "^provider/core/(settings|fields|lifecycle)/" },
    },
    {
      name: "core-settings-above-transport",
      comment: "Settings end in what transport needs, and have nothing to do with arguments and lifecycles.",
      severity: "error",
      from: { path: "^provider/core/settings/" },
      to: { path: "^provider/core/(fields|lifecycle)/" },
    },
    {
      name: "core-fields-alone",
      comment: "Whether a value is right, and what it means, is decided without a connection.",
      severity: "error",
      from: { path: "^provider/core/fields/" },
      to: { path: "^provider/core/(transport|settings|lifecycle)/" },
    },
    {
      name: "transport-without-settings",
      comment: "How something is sent does not depend on where its settings were read from.",
      severity: "error",
      from: { path: "^provider/(zstack|securitycenter)/transport/" },
      to: { path: "^provider/[^/]+/(settings|lifecycle|resources)/" },
    },
    {
      name: "definitions-know-no-front",
      comment:
        "core and the clouds are plain code over plain values, so that any front can call them: they import nothing of Pulumi.",
      severity: "error",
      from: { path: "^provider/(core|zstack|securitycenter)/" },
      to: { path: "^(provider/(pulumi|program)/|node_modules/@pulumi/)" },
    },
    {
      name: "pulumi-knows-no-cloud",
      comment: "The front serves every cloud, which it is given as a list.",
      severity: "error",
      from: { path: "^provider/pulumi/" },
      to: { path: "^provider/(?!core/|pulumi/)" },
    },
    {
      name: "programs-load-no-process",
      comment: "A program registers resources; it must not load what talks to a cloud.",
      severity: "error",
      from: { path: "^provider/(program|pulumi/program)/" },
      to: { path: "^provider/pulumi/process/" },
    },
    {
      name: "the-process-registers-nothing",
      comment: "The provider's process runs lifecycles; what both sides need stands above them.",
      severity: "error",
      from: { path: "^provider/pulumi/process/" },
      to: { path: "^provider/pulumi/program/" },
    },
    {
      name: "clouds-do-not-meet",
      comment: "What two clouds share belongs to core.",
      severity: "error",
      from: { path: "^provider/(zstack|securitycenter)/" },
      to: { path: "^provider/(zstack|securitycenter)/", pathNot: "^provider/$1/" },
    },
    {
      name: "nobody-imports-the-surface",
      comment:
        "provider/index.ts, clouds.ts and runtime.ts put everything together; nothing inside needs them.",
      severity: "error",
      from: { path: "^provider/[^/]+/" },
      to: { path: "^provider/[^/]+\\.ts$" },
    },
    {
      name: "provider-without-emulator",
      comment: "The emulator is for tests and trying out; the provider must work without it.",
      severity: "error",
      from: { path: "^provider/" },
      to: { path: "^(emulator|cli)/" },
    },
    {
      name: "emulator-without-provider",
      comment: "A judge that shares a line with the client it judges would share its mistakes.",
      severity: "error",
      from: { path: "^emulator/" },
      to: { path: "^(provider|cli)/" },
    },
    {
      name: "frame-is-the-bottom",
      comment: "The frame plays every emulated service and knows none.",
      severity: "error",
      from: { path: "^emulator/frame/" },
      to: { path: "^emulator/(?!frame/)" },
    },
    {
      name: "emulated-services-do-not-meet",
      comment: "They talk over sockets, as the real ones do; what they share belongs to the frame.",
      severity: "error",
      from: { path: "^emulator/(?!frame/)([^/]+)/" },
      to: { path: "^emulator/(?!frame/)", pathNot: "^emulator/$1/" },
    },
    {
      name: "rest-knows-no-kind",
      comment: "The REST layer of the emulated node serves any kind of object; kinds are handed to it.",
      severity: "error",
      from: { path: "^emulator/zstack/rest/" },
      to: { path: "^emulator/zstack/(kinds|delivery)/" },
    },
    {
      name: "kinds-deliver-nothing",
      comment: "What becomes of a message is no matter of the objects that lead to it.",
      severity: "error",
      from: { path: "^emulator/zstack/kinds/" },
      to: { path: "^emulator/zstack/delivery/" },
    },
    {
      name: "rooms-below-the-node",
      comment: "The files beside the rooms put them together; only the switches are read by everything.",
      severity: "error",
      from: { path: "^emulator/zstack/[^/]+/" },
      to: { path: "^emulator/zstack/[^/]+\\.ts$", pathNot: "^emulator/zstack/switches\\.ts$" },
    },
    {
      name: "only-http-knows-axios",
      comment: "Errors of axios print Authorization and the signed URL; they must not leave this one file.",
      severity: "error",
      from: { path: "^(provider|cli)/", pathNot: "^provider/core/transport/http\\.ts$" },
      to: { path: "^node_modules/axios/" },
    },
    {
      name: "only-the-provider-knows-pulumi",
      comment: "Emulator and command work without a Pulumi SDK.",
      severity: "error",
      from: { path: "^(emulator|cli)/" },
      to: { path: "^node_modules/@pulumi/" },
    },
    {
      name: "no-development-packages",
      comment: "What is published may only import what is installed with it.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        pathNot: "^node_modules/(@pulumi/pulumi|@types)/",
      },
    },
    {
      name: "no-cycles",
      comment: "A cycle makes the order of loading decide what works.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      // Types are gone at run time.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-cycles-in-the-emulator",
      comment:
        "Files that need each other's types are one file in several pieces: nothing can be read alone.",
      severity: "error",
      from: { path: "^emulator/" },
      to: { circular: true },
    },
    {
      name: "not-resolvable",
      comment: "The imported file or package does not exist.",
      severity: "error",
      from: { path: "^(provider|emulator|cli)/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "default", "types"],
    },
  },
};
