// What a study computes with: a draft until it is used; what was found before stays.
import { useState } from "react";
import { LabError } from "../../lab/error.ts";
import { defaults, type Values } from "../../lab/params.ts";
import { ParamFields, wrongPaths } from "../panels/ParamFields.tsx";
import { useStudyActions } from "../state/context.ts";
import type { OpenStudy } from "../state/studies.ts";
import { changed, studyOf } from "../state/studyShelf.ts";
import { Button } from "../widgets/Button.tsx";
import { Drawer } from "../widgets/Dialog.tsx";
import classes from "./StudySetup.module.css";

export function StudySetup({ study, onClose }: { readonly study: OpenStudy; readonly onClose: () => void }) {
  const { change } = useStudyActions();
  const { params, check, title } = studyOf(study.spec.study);
  const [values, setValues] = useState<Values>(study.spec.params);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const wrong = wrongPaths("params", params, typed);
  const problem = problemOf(() => check?.(values));
  return (
    <Drawer
      title={`Set up: ${title}`}
      onClose={onClose}
      footer={
        <>
          <output className={classes.wrong}>
            {problem ?? (wrong.length > 0 ? `Not in force: ${wrong.join(", ")}.` : "What was found before is kept.")}
          </output>
          <Button
            onClick={() => {
              setValues(defaults(params));
              setTyped({});
            }}
          >
            Defaults
          </Button>
          <Button
            look="primary"
            disabled={problem !== undefined}
            onClick={() => {
              change(changed(study.spec, values));
              onClose();
            }}
          >
            Use this
          </Button>
        </>
      }
    >
      <div className={classes.fields}>
        <ParamFields
          path="params"
          params={params}
          values={values}
          typed={typed}
          onType={(path, text) => setTyped((now) => ({ ...now, [path]: text }))}
          onChange={(name, value) => setValues((now) => ({ ...now, [name]: value }))}
        />
      </div>
    </Drawer>
  );
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return LabError.from(error).message;
  }
}
