"""The adapters: each speaks one outside language and knows no other adapter."""
