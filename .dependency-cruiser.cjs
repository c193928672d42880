// The layering, checked by `npm run layers`: math <- lab <- remote <- app <- entries, imports downwards only.
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const shelves = "^src/lab/(models|datasets|measures)/";
const engine = "^src/lab/(tensor|local|perform|catalogue)";

module.exports = {
  forbidden: [
    rule(
      "no-cycles",
      "A cycle has no order to read it in.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule("math-alone", "math imports nothing of ours.", { path: "^src/math/" }, { path: "^src/(?!math/)" }),
    rule("lab-below", "lab imports math and itself.", { path: "^src/lab/" }, { path: "^src/(?!math/|lab/)" }),
    rule(
      "remote-below",
      "remote imports math and lab.",
      { path: "^src/remote/" },
      { path: "^src/(?!math/|lab/|remote/)" },
    ),
    rule(
      "no-entry",
      "Nobody imports an entry.",
      { path: "^src/" },
      { path: "^src/(main\\.tsx|worker\\.ts|helper\\.ts|cli\\.ts|record\\.ts|kernels\\.ts)$" },
    ),
    rule(
      "one-tensorflow",
      "Only lab/tensor/tf.ts imports TensorFlow.js (the worker names its wasm files, threads.ts starts one).",
      { path: "^src/", pathNot: "^src/(lab/tensor/tf|worker|threads)\\.ts$" },
      { path: "@tensorflow/" },
    ),
    rule(
      "one-plotly",
      "Only app/plot.tsx imports Plotly.",
      { path: "^src/", pathNot: "^src/app/plot\\.tsx$" },
      { path: "plotly" },
    ),
    rule(
      "react-in-app",
      "React only under app and main.tsx.",
      { path: "^src/", pathNot: "^src/(app/|main\\.tsx$)" },
      { path: "node_modules/(react|react-dom|@mantine)/" },
    ),
    rule(
      "one-catalogue",
      "Only catalogue.ts imports shelves; which class is drawn with what is a table that anyone may read.",
      { path: "^src/", pathNot: `^src/lab/catalogue\\.ts$|${shelves}` },
      { path: shelves, pathNot: "^src/lab/datasets/drawing/owners\\.ts$" },
    ),
    rule(
      "shelf-alone",
      "A shelf file never imports another shelf.",
      { path: "^src/lab/(models|datasets|measures)/" },
      { path: shelves, pathNot: "^src/lab/$1/" },
    ),
    rule(
      "points-pure",
      "Point sets import math and the lab's error.",
      { path: "^src/lab/points/" },
      { path: "^src/", pathNot: "^src/(math/|lab/points/|lab/error\\.ts$)" },
    ),
    rule(
      "one-points-catalogue",
      "Only points/catalogue.ts imports point sets; they share pointSet.ts and authors.ts.",
      { path: "^src/", pathNot: "^src/lab/points/catalogue\\.ts$" },
      { path: "^src/lab/points/(?!(pointSet|authors|catalogue)\\.ts$)" },
    ),
    rule(
      "studies-without-engine",
      "A study gets the engine from its desk, so the page can read it without one; studies never import each other.",
      { path: "^src/lab/(studies/|studies\\.ts|study\\.ts|training\\.ts)" },
      { path: engine, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "simulators-without-engine",
      "A simulator is numbers in, numbers out, so studies, models and the page may all read it.",
      { path: "^src/lab/simulators/" },
      { path: `${engine}|^src/lab/(studies|study)`, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "double-alone",
      "Double precision checks the engine, so it shares no code with it; of the contracts it takes types.",
      { path: "^src/lab/double/" },
      { path: "^src/(?!lab/double/|lab/contracts\\.ts$)" },
    ),
    rule(
      "client-host",
      "client and host never import each other.",
      { path: "^src/remote/client" },
      { path: "^src/remote/host" },
    ),
    rule(
      "host-client",
      "client and host never import each other.",
      { path: "^src/remote/host" },
      { path: "^src/remote/client" },
    ),
    rule(
      "studies-come-late",
      "The studies are large; the first view does without them, and imports what knows them when one is asked for.",
      { path: "^src/app/", pathNot: "^src/app/(studies/|figures/|state/studyShelf\\.ts$|panels/StudyItems\\.tsx$)" },
      {
        path: "^src/(lab/studies(/|\\.ts$)|app/state/studyShelf\\.ts$|app/panels/StudyItems\\.tsx$)",
        dependencyTypesNot: ["type-only", "dynamic-import"],
      },
    ),
    rule(
      "app-sees-values",
      "app sees the values of the lab, never its engine.",
      { path: "^src/app/" },
      {
        path: "^src/lab/",
        pathNot:
          "^src/lab/(contracts|spec|params|table|command|error|relation|summary|archive|about|results|report|lab|study|studies|themes|tabular)\\.ts$|^src/lab/(studies|points|simulators)/",
      },
    ),
    rule("state-calls-remote", "Only main.tsx makes the remote lab.", { path: "^src/app/" }, { path: "^src/remote/" }),
    rule(
      "widgets-alone",
      "widgets import only widgets.",
      { path: "^src/app/widgets/" },
      { path: "^src/", pathNot: "^src/(app/widgets/)" },
    ),
    rule(
      "figures-pure",
      "figures import figures, math and the lab's values.",
      { path: "^src/app/figures/" },
      {
        path: "^src/",
        pathNot:
          "^src/(math/|app/figures/|lab/(contracts|spec|table|summary|relation|study)\\.ts|lab/(studies|points|simulators)/)",
      },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
