export { HoldfastError, isHoldfastError } from './holdfast-error.ts';
export type { ErrorCode, ErrorData, ValidationIssue } from './holdfast-error.ts';
