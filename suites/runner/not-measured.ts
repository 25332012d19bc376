/** The run can't say anything about the target (exit code 2); the message says what to do. */
export class NotMeasured extends Error {
  override name = 'NotMeasured';
}
