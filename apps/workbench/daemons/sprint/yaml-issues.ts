import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ServiceError } from '../service-error.ts';
import { SourceIssue, type IssueSource } from './issue-source.ts';
import { MOST_ISSUES } from './sprint-limits.ts';

const MAX_BYTES = 1_000_000;
const IssueFile = z.object({ issues: z.array(SourceIssue).max(MOST_ISSUES) });

/** Issues from a file that a person keeps: `issues:`, a list of `key` and `summary`, in the order in which they are to be done. */
export class YamlIssues implements IssueSource {
  readonly name: string;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.name = basename(path);
  }

  async read(): Promise<readonly SourceIssue[]> {
    const document = parseDocument(await this.#text(), { uniqueKeys: true });
    const [error] = document.errors;
    if (error) throw new ServiceError('unexpected', `${this.name} is not YAML: ${error.message}`);
    const file = IssueFile.safeParse(document.toJS({ maxAliasCount: 100 }));
    if (!file.success) throw new ServiceError('unexpected', `${this.name} does not fit: ${z.prettifyError(file.error)}`);
    return file.data.issues;
  }

  async #text(): Promise<string> {
    try {
      const { size } = await stat(this.#path);
      if (size > MAX_BYTES) throw new ServiceError('unexpected', `${this.name} has ${size} bytes; ${MAX_BYTES} are read.`);
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError('away', `${this.name} cannot be read.`, { cause: error });
    }
  }
}
