/** The run can't judge the deployment (exit code 2); the message says what to do. */
export class NotMeasured extends Error {
  override name = 'NotMeasured';
}
