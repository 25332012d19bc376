/**
 * A traceback without the lines of code, which are Langflow's own: `Traceback (most recent call last):`, then the
 * exception.
 */
export const traceback = (exception: string, message: string): string =>
  `Traceback (most recent call last):\n${exception}: ${message}\n`;
