"""What is done with cases, over HTTP and on the command line alike."""
