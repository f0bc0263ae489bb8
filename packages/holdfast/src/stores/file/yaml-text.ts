import {
  Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Alias,
  type Node,
  type Scalar,
  type ToStringOptions,
  type YAMLMap,
} from 'yaml';
import { isSameJson } from '../../cow/index.ts';
import { alignItems } from './align-items.ts';
import { UnreadableText } from './unreadable-text.ts';

/** More aliases than a person would write: a few of them can stand for gigabytes. */
const MAX_ALIASES = 100;

/** @throws {UnreadableText} where the text is not YAML 1.2, has several documents, unknown tags, or keys that are no text. */
export function parseYaml(text: string): unknown {
  return valueOf(read(text), text);
}

/**
 * The value as YAML. Where `like` is given, an earlier text of the file, its comments, the order of its keys and its way of writing stay as far as the value
 * allows.
 */
export function printYaml(value: unknown, like: string | undefined): string {
  const kept = like === undefined ? undefined : printedLike(value, like);
  if (kept !== undefined) return kept;
  const document = new Document(value, { aliasDuplicateObjects: false });
  const text = print(document);
  // A text that no plain YAML says safely is said in JSON, which is YAML too.
  return isReadAs(text, value) ? text : `${JSON.stringify(value, undefined, 2)}\n`;
}

function printedLike(value: unknown, like: string): string | undefined {
  try {
    const document = read(like);
    visit(document, { Alias: (_key, alias) => document.createNode(resolved(alias, document), { aliasDuplicateObjects: false }) });
    document.contents = updated(document, document.contents, value);
    const text = print(document, styleOf(like));
    return isReadAs(text, value) ? text : undefined;
  } catch (error) {
    if (error instanceof UnreadableText) return undefined;
    throw error;
  }
}

/** The node with what differs replaced; the same node where it can say the value, so that it keeps its comments. */
function updated(document: Document, node: Node | null, value: unknown): Node {
  if (isMap(node) && isObject(value)) return updatedMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) {
    const items = node.items as (Node | null)[];
    const partners = alignItems(
      items.map((item) => item?.toJS(document) as unknown),
      value,
    );
    node.items = value.map((item, index) => updated(document, items[partners[index] ?? -1] ?? null, item));
    return node;
  }
  if (isScalar(node) && (typeof value !== 'object' || value === null)) {
    if (Object.is(node.value, value)) return node;
    const { comment, commentBefore, spaceBefore } = node;
    return Object.assign(document.createNode(value) as Scalar, { comment, commentBefore, spaceBefore });
  }
  const fresh = document.createNode(value, { aliasDuplicateObjects: false });
  if (node) Object.assign(fresh, { commentBefore: node.commentBefore, spaceBefore: node.spaceBefore });
  return fresh;
}

function updatedMap(document: Document, map: YAMLMap, value: Record<string, unknown>): Node {
  map.items = map.items.filter(({ key }) => Object.hasOwn(value, keyText(key)));
  const known = new Map(map.items.map((pair) => [keyText(pair.key), pair]));
  for (const [key, item] of Object.entries(value)) {
    const pair = known.get(key);
    if (pair) pair.value = updated(document, isNode(pair.value) ? pair.value : null, item);
    else map.items.push(document.createPair(key, item, { aliasDuplicateObjects: false }));
  }
  return map;
}

function read(text: string): Document {
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    // Its message may quote the text.
    if (problem) throw new UnreadableText(`is not YAML (${problem.code.toLowerCase().replaceAll('_', ' ')})`, text, problem.pos[0]);
    return document;
  } catch (error) {
    if (error instanceof UnreadableText) throw error;
    throw new UnreadableText('is not YAML, or nested too deeply');
  }
}

function valueOf(document: Document, text: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw new UnreadableText(`has an alias without its anchor, or more than ${MAX_ALIASES} aliases`, text, firstAlias(document));
  }
}

function firstAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      offset = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
}

function resolved(alias: Alias, document: Document): unknown {
  return alias.resolve(document)?.toJS(document, { maxAliasCount: MAX_ALIASES });
}

function print(document: Document, style: ToStringOptions = {}): string {
  return document.toString({ lineWidth: 0, ...style });
}

/** How a text is written, as far as its nodes do not say it: how deep it indents, lists below keys too or not, blanks inside of brackets or not. */
function styleOf(text: string): ToStringOptions {
  const [, indent = ''] = /^(?! *- )\S[^\n]*:[ \t]*\n( +)[^\s#]/m.exec(text) ?? [];
  return {
    ...(indent.length > 0 && indent.length <= 8 && { indent: indent.length }),
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text),
    flowCollectionPadding: /[[{] \S/.test(text) || !/[[{]\S/.test(text),
  };
}

function isReadAs(text: string, value: unknown): boolean {
  try {
    return isSameJson(parseYaml(text), value);
  } catch (error) {
    if (error instanceof UnreadableText) return false;
    throw error;
  }
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
