// container-guard.ts ID: waits until stdin ends, which happens however its parent ends, then removes the container.
process.stdin.resume().on('end', async () => {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { container } = await getContainerRuntimeClient();
  await container.getById(process.argv[2] ?? '').remove({ force: true, v: true });
  process.exit();
});
