import type Docker from 'dockerode';

/** Whether an image could be pulled from its registry. Not being able to is no error here: there are other ways. */
export async function pullImage(docker: Docker, image: string): Promise<boolean> {
  try {
    const stream = await docker.pull(image);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    return true;
  } catch {
    return false;
  }
}
