"""The Python that lives in the sandbox.

    bootstrap -> host (bridge, deadlines, workers)
                   -> zygote (numpy, PIL, cv2 imported; one thread)
                        -> worker (locked down, runs ONE job, dies)

The host never runs model code and never decodes an image; workers do both and see neither the bridge nor the exchange directory.
"""
