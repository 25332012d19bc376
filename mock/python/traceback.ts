/** A traceback without the places in the code, which are those of the vendor: `Traceback (most recent call last):`, then what went wrong. */
export const traceback = (exception: string, message: string): string => `Traceback (most recent call last):\n${exception}: ${message}\n`;
