// What tests ask of a drawing's markup.

/** Tags close in the order they opened, attributes are quoted, entities are known. @throws with the offence */
export function parse(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([\w-]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
    (_, closing: string, name: string, _attributes, empty: string) => {
      if (closing && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      if (!closing && !empty) open.push(name);
      return "";
    },
  );
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is left open`);
  if (/[<>]/.test(rest)) throw new Error(`stray bracket: ${rest}`);
  if (/&(?!(amp|lt|gt|quot);)/.test(xml)) throw new Error("stray ampersand");
}

export const count = (text: string, part: RegExp): number => [...text.matchAll(part)].length;
