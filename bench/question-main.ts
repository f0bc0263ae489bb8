/** Measures the question whose file is named, and sends the result to `run.ts`, which started this. */
import { pathToFileURL } from 'node:url';
import { measure } from './measure.ts';
import type { BenchQuestion } from './question.ts';

const [file = '', mode] = process.argv.slice(2);
const { question } = (await import(pathToFileURL(file).href)) as { question: BenchQuestion };
const result = await measure(question, { quick: mode === '--quick' });
process.send?.(result, () => process.disconnect?.());
