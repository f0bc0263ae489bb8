import { isHoldfastError } from 'holdfast';
import { WorkbenchError } from '../workbench-error.ts';

/** A document has more mistakes than anybody reads. */
const MAX_SHOWN = 50;

/** Says to the caller what the schema has against a document, with every place. */
export async function asRefusal<T>(what: string, commit: () => Promise<T>): Promise<T> {
  try {
    return await commit();
  } catch (error) {
    if (!isHoldfastError(error, 'VALIDATION_FAILED')) throw error;
    const { issues } = error.data;
    const shown = issues.slice(0, MAX_SHOWN).map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`);
    const more = issues.length > MAX_SHOWN ? `; and ${issues.length - MAX_SHOWN} more` : '';
    throw new WorkbenchError('INVALID_INPUT', `${what} was not written. It does not fit: ${shown.join('; ')}${more}.`, { cause: error });
  }
}
