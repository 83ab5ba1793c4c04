"""What crosses between the trusted process and a worker: plain values as bytes, frames, calls. Both sides import it."""
